"""The three steps of an act that weighs: asked, looked at with what it changes, done.

Without a script each step is a page; nothing is written before the last one. The answers go along
as hidden fields, so that “Change the answers” finds them as they were typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qafila.people.access import PersonFile
from qafila.web.design.components import (
    Comparison,
    Explained,
    Fact,
    Link,
    SummaryLine,
    Table,
    Text,
)
from qafila.web.design.figures import day_text, month_text
from qafila.web.design.undo import Undo, say_done
from qafila.web.people.file_head import head_of_person
from qafila.web.site.commands import answered, asked_on, new_command_id
from qafila.web.site.refusals import said_on
from qafila.web.site.requests import StaffRequest


@dataclass(frozen=True)
class Act:
    """What is asked for: its title, the button that does it, where one comes from and goes.

    `facts`: what it is about, above the form. `danger`: something ends or is taken away.
    """

    title: Text
    save: Text
    within: Link
    lead: Text = ""
    facts: Sequence[Fact] = ()
    danger: bool = False


@dataclass(frozen=True)
class Follows:
    """What follows from the answers: a comparison, sentences, a table, the law's steps."""

    comparison: Comparison | None = None
    notes: Sequence[Text] = ()
    table: Table | None = None
    steps: Sequence[Explained] = field(default_factory=tuple)


@dataclass(frozen=True)
class Done:
    """What was done, told; `href` leads to what came of it, `undo` back."""

    told: str
    href: str = ""
    undo: Undo | None = None


NOTHING_MORE = Follows()
NO_FIELDS: Mapping[str, str] = {}


def act_page(
    request: StaffRequest,
    act: Act,
    form: forms.Form,
    *,
    look: Callable[[], Follows],
    do: Callable[[], str | Done],
    found: PersonFile | None = None,
    field_of: Mapping[str, str] = NO_FIELDS,
) -> HttpResponse:
    """The step asked for. `look` says what would follow, `do` carries it out and tells it.

    What either refuses is said on the form, beside the field that `field_of` has for its code.
    `found`: whose file the page belongs to.
    """
    asks_nothing = not form.fields
    sent = (request.method == "POST" or asks_nothing) and form.is_valid()
    sent = sent and "change" not in request.POST
    _focus_on(form, request.POST.get("change", ""))
    follows: Follows | None = None
    if sent:
        with said_on(form, by_code=field_of):
            if "confirm" in request.POST:
                done = do()
                done = Done(done) if isinstance(done, str) else done
                say_done(request, done.told, done.undo)
                return redirect(done.href or act.within.href)
            follows = look()
    context: dict[str, Any] = {
        "act": act,
        "form": form,
        "follows": follows,
        "answers": [*_lines_of(act.facts), *answers_of(form)] if follows else [],
        "asks_nothing": asks_nothing,
        "command_id": new_command_id(),
        "question": asked_on(form),
        "answered": answered(request),
        "layout": "person/base.html" if found else "base.html",
    }
    if found:
        context["head"] = head_of_person(found, request)
    refused = request.method == "POST" and form.errors
    return render(request, "acts/page.html", context, status=422 if refused else 200)


def _focus_on(form: forms.Form, field: str) -> None:
    """The answer one came back to change; a form not sent yet begins with its first field."""
    if field not in form.fields:
        names = [bound.name for bound in form.visible_fields()]
        field = names[0] if names and (field or not form.is_bound) else ""
    if field:
        form.fields[field].widget.attrs["autofocus"] = True


class NothingAsked(forms.Form):
    """An act that asks nothing: what follows is shown at once."""

    def __init__(self) -> None:
        super().__init__({})


def sent_to(request: StaffRequest) -> Any:
    """What the form sent, were it nothing at all; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def _lines_of(facts: Sequence[Fact]) -> list[SummaryLine]:
    """What the act is about: nothing of it is changed here."""
    return [SummaryLine(one.label, one.value, one.kind) for one in facts]


def answers_of(form: forms.Form) -> list[SummaryLine]:
    """The answers of a valid form in words, those left empty left out."""
    told = []
    for bound in form.visible_fields():
        text = _in_words(bound.field, form.cleaned_data.get(bound.name))
        if text:
            told.append(SummaryLine(bound.label, text, field=bound.name))
    return told


def _in_words(asked: forms.Field, value: Any) -> str:
    if hasattr(asked, "in_words"):
        return str(asked.in_words(value))
    if value in (None, "", False):
        return ""
    if value is True:
        return _("Yes")
    choices = getattr(asked, "choices", None) or getattr(asked.widget, "choices", None)
    if choices:
        return str(_flat(choices).get(str(value), value))
    if isinstance(value, dt.date):
        return day_text(value)
    return str(value)


def _flat(choices: Any) -> dict[str, Text]:
    """Choices by value, those in groups too."""
    flat: dict[str, Text] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            flat |= {str(inner): text for inner, text in label}
        else:
            flat[str(value)] = label
    return flat


def month_in_words(month: dt.date | None) -> str:
    """A month as people say it; empty for none."""
    return month_text(month) if month else ""
