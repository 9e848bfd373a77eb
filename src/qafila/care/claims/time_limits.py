"""How much time is left for a claim, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import qafila_law
from qafila_law.months import months_between, months_later

_TOLD_IN_MONTHS = 2
_SOON_DAYS = 15


@dataclass(frozen=True)
class TimeLeft:
    """The last day, how long it is until then, and whether it is close or past."""

    until: dt.date
    sentence: str
    pressing: bool


def time_left(until: dt.date, today: dt.date) -> TimeLeft:
    """Two months left, five days left, today, or past by so many days; the day included.

    Whole months are said only where as many are left at least: nobody is told more than there is.
    """
    days = (until - today).days
    return TimeLeft(until, _in_words(days, _whole_months(today, until)), days <= _SOON_DAYS)


def _whole_months(today: dt.date, until: dt.date) -> int:
    months = max(months_between(today, until), 0)
    return months if months_later(today, months) <= until else months - 1


def _in_words(days: int, months: int) -> str:
    if days < 0:
        told = ngettext("Late by %(days)d day.", "Late by %(days)d days.", -days)
        return told % {"days": -days}
    if days == 0:
        return _("Today is the last day.")
    if months < _TOLD_IN_MONTHS:
        return ngettext("%(days)d day left.", "%(days)d days left.", days) % {"days": days}
    return ngettext("%(months)d month left.", "%(months)d months left.", months) % {
        "months": months
    }


def papers_by(care_on: dt.date, today: dt.date) -> TimeLeft:
    """Until when the papers of care may come."""
    return time_left(qafila_law.claim_deadline(care_on), today)
