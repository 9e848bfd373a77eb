/** Parts of a page renewed in place, for pages that ask for some. Settings: the meta tag in base.html. */
import "htmx.org/dist/htmx.esm.js";
