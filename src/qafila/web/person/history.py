"""The history of a file as its page tells it: machine entries folded, people with their posts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qafila.accompaniment.history import KINDS, Happened
from qafila.foundation.clock import day_of
from qafila.foundation.wording.actor_names import name_told
from qafila.institutions.queries import ActorNamed
from qafila.web.design.components import Event, Fold, Tab, Who
from qafila.web.design.figures import day_text, moment_text
from qafila.web.people.actors import who_is
from qafila.web.people.presenter import names_in_order


def timeline_of(happened: Sequence[Happened]) -> list[Event | Fold]:
    """What happened, newest first; what machines did in a row is folded into one line."""
    line: list[Event | Fold] = []
    for machine, run in groupby(happened, key=lambda one: one.machine):
        events = [_event(one) for one in run]
        if machine and len(events) > 1:
            told = ngettext(
                "%(count)s automatic operation", "%(count)s automatic operations", len(events)
            )
            line.append(Fold(told % {"count": len(events)}, events))
        else:
            line += events
    return line


def _event(one: Happened) -> Event:
    when = day_text(day_of(one.at)) if one.whole_day else moment_text(one.at)
    return Event(when, one.sentence, _who(one))


def _who(one: Happened) -> Who | None:
    """The name in the reader's script, with the role and institution of the day."""
    if not one.names[0]:
        return None
    if one.machine or not one.role:
        return Who(name_told(names_in_order(*one.names)[0] if one.names[1] else one.names[0]))
    return who_is(ActorNamed(*one.names, one.role, *one.institution))


def kind_tabs(address: str, kind: str, without: Collection[str] = ()) -> list[Tab]:
    """Everything, then each kind of thing done that the reader may see."""
    tabs = [Tab(_("Everything"), address, kind not in KINDS)]
    for code, (label, _verbs) in KINDS.items():
        if code not in without:
            tabs.append(Tab(label, f"{address}?{urlencode({'kind': code})}", code == kind))
    return tabs


def onwards(address: str, kind: str, before: str) -> str:
    """The address of the page that begins at `before`; empty for none."""
    asked = {"kind": kind, "before": before} if kind in KINDS else {"before": before}
    return f"{address}?{urlencode(asked)}" if before else ""
