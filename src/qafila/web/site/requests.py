"""Requests as the middleware hands them on: with htmx, and with who acts."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from qafila.foundation.actors import Actor


class PageRequest(HttpRequest):
    """The request of a page anybody may open."""

    htmx: HtmxDetails


class StaffRequest(PageRequest):
    """The request of a page behind `login_required`: a member of staff acts."""

    actor: Actor


class AnyRequest(PageRequest):
    """A request before it is known whether anybody is signed in."""

    actor: Actor | None
