"""Entries of a range of persons with the months of their waiting periods: pure, on columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import qafila_law
from qafila_law.months import months_later

# A thousand years of months for each person.
_PER_PERSON = 12_000


@dataclass(frozen=True)
class Entries:
    """Person and first month owed of each enrolment; how many months each of them waits."""

    persons: NDArray[np.int64]
    firsts: NDArray[np.int64]
    waits: NDArray[np.int64]
    months: dict[dt.date, int]

    def waits_as_values(self) -> str:
        """(entry, month) of each month of each waiting period, as SQL values."""
        return ", ".join(
            f"('{first}'::date, '{months_later(first, place)}'::date)"
            for first, wait in self.months.items()
            for place in range(wait)
        )

    def months_as_values(self) -> str:
        """The months of all these waiting periods, as SQL values."""
        found = {
            months_later(first, place)
            for first, wait in self.months.items()
            for place in range(wait)
        }
        return ", ".join(f"'{month}'" for month in sorted(found))

    def lacking_months(self, calls: pa.Table) -> list[int]:
        """Who has an entry of which some month of the waiting period is not among `calls`."""
        known = np.unique(calls["insured"].to_numpy() * _PER_PERSON + _months(calls["month"]))
        start = self.persons * _PER_PERSON + self.firsts
        there = np.searchsorted(known, start + self.waits) - np.searchsorted(known, start)
        return _listed(self.persons[there < self.waits])

    def not_paid_while_waiting(self, calls: pa.Table) -> list[int]:
        """Who paid none of `calls` by the day after the months of the first waiting period."""
        if not self.persons.size:
            return []
        people, place = np.unique(self.persons, return_inverse=True)
        over = np.full(people.size, np.iinfo(np.int64).max)
        np.minimum.at(over, place, _first_days(self.firsts + self.waits))
        paid = calls.filter(calls["settled_on"].is_valid())
        whose = np.searchsorted(people, paid["insured"].to_numpy())
        known = whose < people.size
        known[known] = people[whose[known]] == paid["insured"].to_numpy()[known]
        first = np.full(people.size, np.iinfo(np.int64).max)
        days = paid["settled_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
        np.minimum.at(first, whose[known], days[known])
        return _listed(people[first > over])


def entries_of(enrolments: pa.Table) -> Entries:
    """The entries among enrolments (insured, first_month)."""
    firsts = _months(enrolments["first_month"])
    waiting = {
        month: qafila_law.waiting_months(_day(month)) for month in np.unique(firsts).tolist()
    }
    waits = np.array([waiting[month] for month in firsts.tolist()], np.int64)
    months = {_day(month): wait for month, wait in waiting.items()}
    return Entries(enrolments["insured"].to_numpy(), firsts, waits, months)


def _months(days: Any) -> NDArray[np.int64]:
    found: NDArray[np.int64] = days.to_numpy().astype("datetime64[M]").astype(np.int64)
    return found


def _first_days(months: NDArray[np.int64]) -> NDArray[np.int64]:
    days = months.astype("datetime64[M]").astype("datetime64[D]")
    found: NDArray[np.int64] = days.astype(np.int64)
    return found


def _day(month: int) -> dt.date:
    return dt.date(1970 + month // 12, month % 12 + 1, 1)


def _listed(persons: NDArray[np.int64]) -> list[int]:
    return [int(person) for person in np.unique(persons)]
