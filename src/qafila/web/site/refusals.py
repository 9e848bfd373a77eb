"""What the rooms refuse, as pages: hidden things are not found, the rest is a sentence."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from psycopg.errors import DiskFull

from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope, Question
from qafila.indicators.filters import UnknownFilter
from qafila.people.errors import FileMerged
from qafila.web.site.commands import ask_on
from qafila.web.site.merged import led_to_kept, read_by_grant

Respond = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

# Rows that are copied pass Django by: what goes wrong then has the driver's own names.
_AWAY = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)

BODY_REFUSED = "qafila.body_refused"
"""Set by the front of the site (`config.bodies`): the status of a body it did not read."""

BODIES = {
    408: _("What you sent came too slowly. Try again on a better line."),
    413: _("What you sent is too large. Sign in, or send a smaller file."),
    429: _("Too much is being sent from here at once. Wait a minute and try again."),
    507: _("There is no storage left; nothing was kept. Inform the administrator."),
}


class RefusalMiddleware:
    """Outside the territory or the role: 404, as if there were nothing.

    An address that asks for what cannot be: 400. Otherwise 409. Both say why. What the house
    cannot do just now, for want of room or of its database, says so too; so does a body that was
    refused before it was read.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.META.get(BODY_REFUSED):
            response = _refused(request, BODIES[status], status)
            response["Connection"] = "close"
            return response
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for what a view raised."""
        if isinstance(error, FileMerged):
            return led_to_kept(request, error)
        if isinstance(error, NotFoundInScope) and (granted := read_by_grant(request)):
            return granted
        if isinstance(error, NotFoundInScope | NotAllowed):
            raise Http404 from error
        if isinstance(error, DomainError):
            status = 400 if isinstance(error, UnknownFilter) else 409
            return _refused(request, error.sentence, status)
        if _is_for_want_of_room(error):
            logger.error("There is no room left on the disk.")
            return _refused(request, BODIES[507], 507)
        if isinstance(error, _AWAY):
            logger.exception("The database does not answer pages.")
            response = _refused(request, _("The database does not answer. Wait a minute."), 503)
            response["Retry-After"] = "5"
            return response
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The last handler: a fault of ours, or the database that is away before any page began."""
    if isinstance(sys.exc_info()[1], _AWAY):
        logger.error("The database does not answer.")
        page = loader.get_template("503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    return defaults.server_error(request)


class ForPrograms(HttpResponse):
    """A refusal below /api/, which `api.answers` puts into words in the language asked for.

    `sentence` is a room's own; without it the status says enough.
    """

    def __init__(self, status: int, sentence: Callable[[], str] | None = None) -> None:
        super().__init__(status=status, content_type="text/plain")
        self.sentence = sentence


def _refused(
    request: HttpRequest, sentence: Promise | Callable[[], str], status: int
) -> HttpResponse:
    own = sentence if callable(sentence) else None
    if request.path.startswith("/api/"):
        return ForPrograms(status, own)
    told = {"sentence": own() if own else sentence}
    return render(request, "site/refused.html", told, status=status)


def _is_for_want_of_room(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error.__cause__, DiskFull)


@contextmanager
def said_on(
    form: BaseForm, field: str | None = None, *, by_code: Mapping[str, str] | None = None
) -> Iterator[None]:
    """What a room refuses, said on the form, which is then no longer valid.

    Beside `field`, or the field that `by_code` has for the refusal's code where the form has it.

    What is hidden stays hidden: NotFoundInScope and NotAllowed go on to the middleware.
    """
    try:
        yield
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        beside = (by_code or {}).get(refusal.code, field)
        form.add_error(beside if beside in form.fields else None, refusal.sentence())
        if isinstance(refusal, Question):
            ask_on(form, refusal.code)


@contextmanager
def said_above(request: HttpRequest) -> Iterator[None]:
    """What a room refuses, said above the page shown next; what is hidden stays hidden."""
    try:
        yield
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())


def require(allowed: bool) -> None:
    """Raise NotAllowed (404 for the reader) unless a room's `may_…` said so."""
    if not allowed:
        raise NotAllowed
