"""One module per area of the site; `qafila.web.areas` finds them."""
