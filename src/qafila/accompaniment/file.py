"""What the file of one person shows, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The name in each script, as written; '' when no list gave it."""

    ar: str
    latn: str


@dataclass(frozen=True)
class Place:
    """Commune and province in both languages; '' when not known."""

    commune_ar: str
    commune_fr: str
    province_ar: str
    province_fr: str
    province_code: str


@dataclass(frozen=True)
class TimelineStep:
    """One of the seven steps: done or not, since when, and the detail that proves it."""

    code: str
    label: str
    done: bool
    on: dt.date | None
    detail: str


@dataclass(frozen=True)
class ApplicationTold:
    """An application; `missing` in codes, `missing_names` in words."""

    application_id: int
    state: str
    trade_ar: str
    trade_fr: str
    trade_text: str
    missing: tuple[str, ...]
    missing_names: str
    opened_at: dt.datetime
    decided_at: dt.datetime | None
    refusal_reason: str


@dataclass(frozen=True)
class EntryTold:
    """An entry in the register."""

    entry_id: int
    register_number: str
    state: str
    trade_ar: str
    trade_fr: str
    trade_text: str
    entered_on: dt.date
    struck_off_on: dt.date | None


@dataclass(frozen=True)
class EnrolmentTold:
    """An enrolment at the fund; `assumption` is a code, '' when nothing was assumed."""

    enrolment_id: int
    category: str
    state: str
    fund_number: str
    effective_from: dt.date
    closed_on: dt.date | None
    annual_tax_dh: int | None
    assumption: str
    months_unpaid_reported: int
    reported_on: dt.date | None


@dataclass(frozen=True)
class MemberTold:
    """A spouse or child; only mentioned members have no person and no name."""

    dependant_id: int
    relation: str
    state: str
    person_id: int | None
    names: Names
    birth_date: dt.date | None
    birth_precision: str
    since: dt.date


@dataclass(frozen=True)
class PersonFile:
    """What an agent needs of one person, from identified to covered.

    List rows (`lists.queries`) and the history (`history.history_of`) are read apart.
    `asked_for` differs from `person_id` when the file asked for was merged into this one.
    """

    person_id: int
    asked_for: int
    names: Names
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    card_number: str
    identifiers: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]
    place: Place
    timeline: tuple[TimelineStep, ...]
    reason: str
    reason_sentence: str
    next_step: str
    next_sentence: str
    rights: str
    months_overdue: int
    overdue_centimes: int
    applications: tuple[ApplicationTold, ...]
    entries: tuple[EntryTold, ...]
    enrolments: tuple[EnrolmentTold, ...]
    dependants: tuple[MemberTold, ...]
