"""Addresses of the pages: those of every module in `pages/`."""

from __future__ import annotations

from qafila.web.site.areas import all_addresses

urlpatterns = all_addresses()
