"""How much time is left for a claim, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import qafila_law

_MONTH_DAYS = 30
_SOON_DAYS = 15


@dataclass(frozen=True)
class TimeLeft:
    """The last day, how long it is until then, and whether it is close or past."""

    until: dt.date
    sentence: str
    pressing: bool


def time_left(until: dt.date, today: dt.date) -> TimeLeft:
    """Two months left, five days left, today, or past by so many days; the day included."""
    days = (until - today).days
    return TimeLeft(until, _in_words(days), days <= _SOON_DAYS)


def _in_words(days: int) -> str:
    if days < 0:
        told = ngettext("Late by %(days)d day.", "Late by %(days)d days.", -days)
        return told % {"days": -days}
    if days == 0:
        return _("Today is the last day.")
    if days < 2 * _MONTH_DAYS - _SOON_DAYS:
        return ngettext("%(days)d day left.", "%(days)d days left.", days) % {"days": days}
    months = round(days / _MONTH_DAYS)
    return ngettext("%(months)d month left.", "%(months)d months left.", months) % {
        "months": months
    }


def papers_by(care_on: dt.date, today: dt.date) -> TimeLeft:
    """Until when the papers of care may come."""
    return time_left(qafila_law.claim_deadline(care_on), today)
