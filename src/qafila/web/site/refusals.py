"""What the rooms refuse, as pages: hidden things are not found, the rest is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.indicators.filters import UnknownFilter

Respond = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Outside the territory or the role: 404, as if there were nothing.

    An address that asks for what cannot be: 400. Otherwise 409. Both say why.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for what a view raised."""
        if isinstance(error, NotFoundInScope | NotAllowed):
            raise Http404 from error
        if isinstance(error, DomainError):
            status = 400 if isinstance(error, UnknownFilter) else 409
            return render(
                request, "site/refused.html", {"sentence": error.sentence()}, status=status
            )
        return None


@contextmanager
def said_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """What a room refuses, said on the form, which is then no longer valid.

    What is hidden stays hidden: NotFoundInScope and NotAllowed go on to the middleware.
    """
    try:
        yield
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        form.add_error(field, refusal.sentence())


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
