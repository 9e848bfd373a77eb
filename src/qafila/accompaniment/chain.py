"""From rows of lists to rights, stage by stage: one list, which commands and jobs run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.enrolment.from_lists import declare_registered, enrol_listed_at_fund, note_dependants
from qafila.foundation.actors import Actor
from qafila.lists.linking.link_rows import link_new_rows
from qafila.register.from_lists import decide_complete_applications, enter_listed, open_applications

Act = Callable[..., Any]


@dataclass(frozen=True)
class Stage:
    """One stage: its name, the action, and the `part` of the way it belongs to.

    `decides`: it settles something in an institution's stead (accepts, declares, opens a debt), so
    that it runs when somebody asks for it and never by itself. `by_month`: it takes `month`.
    """

    name: str
    part: str
    act: Act
    decides: bool = False
    by_month: bool = False


def _bring_everyone_up_to_date(*, actor: Actor, at: dt.datetime) -> Any:
    return bring_up_to_date(EVERYONE, actor=actor, at=at)


STAGES = (
    Stage("link_new_rows", "identify", link_new_rows),
    Stage("enter_listed", "register", enter_listed),
    Stage("open_applications", "register", open_applications),
    Stage("decide_complete", "register", decide_complete_applications, decides=True),
    Stage("enrol_listed_at_fund", "enrol", enrol_listed_at_fund),
    Stage("declare_registered", "enrol", declare_registered, decides=True, by_month=True),
    Stage("note_dependants", "enrol", note_dependants),
    Stage(
        "open_reported_arrears", "contribute", open_reported_arrears, decides=True, by_month=True
    ),
    Stage("bring_up_to_date", "derive", _bring_everyone_up_to_date),
)


def run_stages(
    part: str | None = None, *, month: dt.date, deciding: bool, actor: Actor, at: dt.datetime
) -> Iterator[tuple[Stage, Any]]:
    """Run the stages (of `part`, or all), in order, each with its outcome; safe to repeat.

    Without `deciding`, what an institution has to decide is left to it. Run lazily: whoever
    iterates sees each stage when it is done.
    """
    for stage in STAGES:
        if part in (None, stage.part) and (deciding or not stage.decides):
            asked = {"month": month} if stage.by_month else {}
            yield stage, stage.act(actor=actor, at=at, **asked)
