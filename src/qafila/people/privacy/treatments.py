"""The processing register: each treatment of personal data, why, and how long it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.clock import day_of

TITLES: dict[str, Promise] = {
    "identity": _("Identity, numbers and contacts"),
    "lists": _("Rows of lists"),
    "register": _("National Register of Crafts"),
    "enrolment": _("Enrolment and family"),
    "contributions": _("Contributions and payments"),
    "rights": _("Rights and attestations"),
    "care": _("Claims for care and checks of cover"),
    "accompaniment": _("Next steps"),
    "personal_access": _("Personal links"),
    "consents": _("Consents and erasures"),
    "traces": _("Traces of looks and changes"),
    "sign_ins": _("Sign-ins"),
    "staff": _("Accounts of the staff"),
}


@dataclass(frozen=True)
class Retention:
    """How long a treatment keeps what it holds, from a day on; 0 years: it is made anew."""

    since: dt.date
    years: int
    after: str
    reason: str
    doubt: str


@dataclass(frozen=True)
class Treatment:
    """One treatment. `models`: labels such as people.Person; `must_be_kept`: law forbids erasure
    before the period is over."""

    code: str
    purpose: str
    basis: str
    people: str
    recipients: str
    retentions: tuple[Retention, ...]
    models: tuple[str, ...]
    must_be_kept: bool

    def retention_on(self, day: dt.date) -> Retention:
        """The period in force on a day; the first one before it began."""
        begun = [one for one in self.retentions if one.since <= day]
        return begun[-1] if begun else self.retentions[0]


@cache
def treatments() -> tuple[Treatment, ...]:
    """Every treatment, in the order of the register."""
    written = yaml.safe_load((Path(__file__).parent / "treatments.yaml").read_text())
    return tuple(_treatment(code, one) for code, one in written.items())


@cache
def treatment_of(label: str) -> Treatment:
    """The treatment that a model such as people.Person is part of. KeyError for no model of it."""
    return {model: one for one in treatments() for model in one.models}[label]


def kept_since(label: str, at: dt.datetime) -> dt.datetime:
    """The moment before which rows of the model are no longer kept."""
    period = treatment_of(label).retention_on(day_of(at))
    return at - dt.timedelta(days=365 * period.years)


def _treatment(code: str, one: dict[str, Any]) -> Treatment:
    return Treatment(
        code=code,
        purpose=one["purpose"],
        basis=one["basis"],
        people=one["people"],
        recipients=one["recipients"],
        retentions=tuple(
            _retention(day, period) for day, period in sorted(one["retention"].items())
        ),
        models=tuple(one["models"]),
        must_be_kept=one.get("must_be_kept", False),
    )


def _retention(since: dt.date, period: dict[str, Any]) -> Retention:
    return Retention(
        since, period["years"], period["after"], period["reason"], period.get("doubt", "")
    )


def processing_register() -> Iterator[str]:
    """The lines of the page `docs/reference/processing-register.md`, its title excepted."""
    yield "What is kept of people, for what and for how long (law 09-08). Periods are in"
    yield "`people/privacy/treatments.yaml`, each from a day on."
    for one in treatments():
        yield from ["", f"## {TITLES[one.code]}", "", one.purpose, ""]
        yield from ["| | |", "|---|---|"]
        yield f"| Legal ground | {one.basis} |"
        yield f"| About whom | {one.people} |"
        yield f"| Who receives it | {one.recipients} |"
        for period in one.retentions:
            years = f"{period.years} years after {period.after}" if period.years else "not kept"
            yield f"| Kept, from {period.since} | {years}. {period.reason} |"
            if period.doubt:
                yield f"| Doubt | {period.doubt} |"
        if one.must_be_kept:
            yield "| Erasure | Not before the period is over: it must be kept. |"
        yield f"| Models | {', '.join(f'`{label}`' for label in one.models)} |"
