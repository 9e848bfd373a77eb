"""One module per area of the site; `qafila.web.site.areas` finds them."""
