"""Files that are not where they were asked for: merged meanwhile, or opened by their territory.

A stale page of a merged file leads to the kept one, with what was typed; a file of another
territory that was granted is read, and nothing in it is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qafila.foundation import clock
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.people.asking.requests import is_granted
from qafila.people.errors import FileMerged

_NOT_TYPED = ("csrfmiddlewaretoken", "command_id")


def led_to_kept(request: HttpRequest, merged: FileMerged) -> HttpResponse:
    """The same page of the file that was kept.

    What was sent is shown and kept, and sent to the kept file by one more press: a person looks
    first whether it still holds there.
    """
    address = _address(request, merged.kept)
    if request.method != "POST":
        messages.info(request, _("That file was merged into this one."))
        return redirect(address)
    context = {
        "sentence": merged.sentence(),
        "kept": merged.kept,
        "address": address,
        "typed": list(_typed(request)),
    }
    return render(request, "site/merged.html", context, status=409)


def _address(request: HttpRequest, kept: int) -> str:
    """The page asked for, with the kept file's number in place of the other."""
    match = request.resolver_match
    if match is not None and match.url_name and "person_id" in match.kwargs:
        named: dict[str, Any] = {**match.kwargs, "person_id": kept}
        try:
            return reverse(match.view_name, kwargs=named)
        except NoReverseMatch:
            pass
    return reverse("person", args=[kept])


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in _NOT_TYPED:
            for value in values:
                yield name, str(value)


def read_by_grant(request: HttpRequest) -> HttpResponse | None:
    """The page again, with the file that was granted in view; None where none was.

    Asked only after the page found nothing in the territory: other pages pay nothing for it.
    """
    match, actor = request.resolver_match, getattr(request, "actor", None)
    person_id: Any = match.kwargs.get("person_id") if match else None
    looks = request.method in ("GET", "HEAD") and actor is not None and person_id is not None
    if not looks or match is None or actor is None or actor.granted:
        return None
    if not is_granted(person_id, actor=actor, on=clock.today()):
        return None
    request.actor = replace(actor, granted=frozenset({person_id}))  # type: ignore[attr-defined]
    try:
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except (NotFoundInScope, NotAllowed):
        return None
    return answer
