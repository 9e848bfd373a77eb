"""Rights of millions of dependants: the periods `dependant_rights.dependant_periods` gives.

The days on which anything about a dependant, the family or the insured person's rights changes cut
time; at each cut the situation is read off the columns, and each situation that occurs is decided
once by the tables for one person. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions.rules import Flags, Integers
from qafila_law.parameter_tree import get_parameter
from qafila_law.rights.day_columns import (
    DAY_BITS,
    END,
    NO_DAY,
    Days,
    dated,
    dated_flag,
    dates_of,
    day_number,
    days_of,
    months_later,
    numbers_of,
)
from qafila_law.rights.dependant_rights import standing_through
from qafila_law.rights.dependants import (
    AFTER_DEATH,
    AFTER_DIVORCE,
    AGE_ITSELF,
    CHILD_AGE,
    STUDENT_AGE,
    Custody,
    Link,
    MemberSituation,
    ages_that_end_cover,
    cover_of,
    declared_elsewhere,
)
from qafila_law.rights.standings import Standing, Status

if TYPE_CHECKING:
    import pyarrow as pa

_FLAGS = MemberSituation._fields


@dataclass(frozen=True, slots=True)
class _Insured:
    """Periods of rights by insured person, packed as person | first day, and what holds in each."""

    packed: Integers
    standing: Integers
    standings: tuple[Standing, ...]

    def on(self, rows: Integers, days: Days) -> Integers:
        """The place in `standings` of what holds on each day, -1 before the first period."""
        place = np.searchsorted(self.packed, _pack(rows, days), side="right") - 1
        first = np.searchsorted(self.packed, rows << DAY_BITS)
        return np.where(place < first, -1, self.standing[np.maximum(place, 0)])


@dataclass(frozen=True, slots=True)
class _Members:
    """One row per dependant, days as in `rights_batches`; `spells` by kind, packed."""

    insured: Integers
    static: dict[str, Flags]
    days: dict[str, Days]
    spells: dict[str, tuple[Integers, Integers]]


def dependants_batch(members: pa.Table, spells: pa.Table, periods: pa.Table) -> pa.Table:
    """Periods of rights as Arrow: dependant, since, until (null: no end), status, reason.

    `members`: dependant and insured (any integers), link, birth_date, joined_on, divorced_on,
    married_on, disabled_since, deceased_on, insured_deceased_on, insured_is_father,
    other_parent_insured, custody (text, empty if not settled). `spells`: dependant, kind (schooling
    or own_scheme), since, until. `periods`: those of the insured persons as `rights_batch` gives
    them. Dependants of people without rights get no period.
    """
    import pyarrow as pa

    ids = np.unique(numbers_of(periods, "insured"))
    known = members.filter(pa.array(np.isin(numbers_of(members, "insured"), ids)))
    if known.num_rows == 0:
        none = np.zeros(0, np.int64)
        return _table(none, none, none, none, [])
    insured = _insured(ids, periods)
    told = _members(ids, known, spells)
    rows, days = _cuts(told, insured)
    found, standings = _decided(told, insured, rows, days)
    keep = np.ones(rows.size, bool)
    keep[1:] = (rows[1:] != rows[:-1]) | (found[1:] != found[:-1])
    rows, days, found = rows[keep], days[keep], found[keep]
    until = np.full(rows.size, NO_DAY, np.int64)
    same = rows[1:] == rows[:-1]
    until[:-1][same] = days[1:][same]
    real = np.array([one.status is not Status.NONE for one in standings])[found]
    chosen = numbers_of(known, "dependant")[rows]
    return _table(chosen[real], days[real], until[real], found[real], standings)


def _table(
    ids: Integers, since: Days, until: Days, found: Integers, standings: list[Standing]
) -> pa.Table:
    import pyarrow as pa

    # No text at all would leave the dictionary without a type.
    words = [[*kind] for kind in zip(*standings, strict=True)] if standings else [[""], [""]]
    status, reason = (
        pa.DictionaryArray.from_arrays(pa.array(found, pa.int32()), pa.array(map(str, kind)))
        for kind in words
    )
    columns = {"dependant": pa.array(ids), "since": dates_of(since), "until": dates_of(until)}
    return pa.table(columns | {"status": status, "reason": reason})


def _pack(rows: Integers, days: Days) -> Integers:
    return (rows << DAY_BITS) | np.clip(days, 0, END)


def _insured(ids: Integers, periods: pa.Table) -> _Insured:
    import pyarrow as pa

    packed = _pack(np.searchsorted(ids, numbers_of(periods, "insured")), days_of(periods, "since"))
    order = np.argsort(packed, kind="stable")
    words, codes = [], []
    for name in ("status", "reason"):
        coded = periods[name].cast(pa.string()).combine_chunks().dictionary_encode()
        words.append(coded.dictionary.to_pylist())
        codes.append(coded.indices.to_numpy().astype(np.int64))
    both, place = np.unique(codes[0] * len(words[1]) + codes[1], return_inverse=True)
    standings = tuple(
        Standing(Status(words[0][one // len(words[1])]), words[1][one % len(words[1])])
        for one in both.tolist()
    )
    return _Insured(packed[order], place[order].astype(np.int64), standings)


def _members(ids: Integers, members: pa.Table, spells: pa.Table) -> _Members:
    link, custody = (_texts(members, name) for name in ("link", "custody"))
    named = (
        "birth_date",
        "joined_on",
        "divorced_on",
        "married_on",
        "disabled_since",
        "deceased_on",
        "insured_deceased_on",
    )
    days = {name: days_of(members, name) for name in named}
    static = {
        "spouse": link == Link.SPOUSE,
        "taken_in": link == Link.TAKEN_IN,
        "birth_known": days["birth_date"] < NO_DAY,
        **_elsewhere(members, custody),
    }
    return _Members(
        np.searchsorted(ids, numbers_of(members, "insured")),
        static,
        days,
        _spells(numbers_of(members, "dependant"), spells),
    )


def _texts(table: pa.Table, name: str) -> NDArray[Any]:
    return np.array(table[name].to_pylist(), dtype=object)


def _elsewhere(members: pa.Table, custody: NDArray[Any]) -> dict[str, Flags]:
    father, other = (
        np.array(members[name].to_pylist(), bool)
        for name in ("insured_is_father", "other_parent_insured")
    )
    found = np.zeros((father.size, 2), bool)
    for row in np.flatnonzero(other):
        settled = Custody(custody[row]) if custody[row] else None
        found[row] = declared_elsewhere(bool(father[row]), True, settled)
    return {"with_father": found[:, 0], "with_other_parent": found[:, 1]}


def _spells(dependants: Integers, spells: pa.Table) -> dict[str, tuple[Integers, Integers]]:
    order = np.argsort(dependants)
    told = numbers_of(spells, "dependant")
    place = np.clip(np.searchsorted(dependants[order], told), 0, max(dependants.size - 1, 0))
    rows = order[place]
    kinds, real = _texts(spells, "kind"), dependants[rows] == told
    since, until = days_of(spells, "since"), days_of(spells, "until")
    found = {}
    for kind in ("schooling", "own_scheme"):
        of_kind = real & (kinds == kind)
        found[kind] = (
            np.sort(_pack(rows[of_kind], since[of_kind])),
            np.sort(_pack(rows[of_kind], until[of_kind])),
        )
    return found


def _years(path: str, days: Days) -> Integers:
    """The birthday on which cover ends, on each day."""
    return dated(path, days) + dated_flag(AGE_ITSELF, days)


def _birthday(born: Days, years: Integers | int) -> Days:
    """The birthday some years later; 29 February becomes 1 March in a common year."""
    real = born < NO_DAY
    found = months_later(born, np.asarray(years) * 12)
    shortened = _day_of_month(np.where(real, found, 0)) != _day_of_month(np.where(real, born, 0))
    return np.where(real & shortened, found + 1, found)


def _day_of_month(days: Days) -> Integers:
    dates = days.astype("datetime64[D]")
    return (dates - dates.astype("datetime64[M]")).astype(np.int64)


def _end_after(path: str, event: Days) -> Days:
    return months_later(event, dated(path, event))


def _cuts(told: _Members, insured: _Insured) -> tuple[Integers, Days]:
    """Row and day of every day on which an answer may change, none before the insured's rights."""
    everyone = np.arange(told.insured.size, dtype=np.int64)
    starts = np.searchsorted(insured.packed, told.insured << DAY_BITS)
    counts = np.searchsorted(insured.packed, (told.insured + 1) << DAY_BITS) - starts
    of_insured = np.repeat(everyone, counts)
    nth = np.arange(of_insured.size) - np.repeat(np.cumsum(counts) - counts, counts)
    period_days = insured.packed[np.repeat(starts, counts) + nth] & END
    first = insured.packed[starts] & END
    cut_rows, cut_days = [of_insured], [period_days]
    for days in _dependants_days(told):
        real = days < NO_DAY
        cut_rows.append(everyone[real])
        cut_days.append(np.maximum(days[real], first[real]))
    for since, until in told.spells.values():
        for packed in (since, until):
            rows = packed >> DAY_BITS
            cut_rows.append(rows)
            cut_days.append(np.maximum(packed & END, first[rows]))
    merged = np.unique(_pack(np.concatenate(cut_rows), np.concatenate(cut_days)))
    merged = merged[(merged & END) < END]
    return merged >> DAY_BITS, merged & END


def _dependants_days(told: _Members) -> list[Days]:
    found = list(told.days.values())
    born = told.days["birth_date"]
    found += [_birthday(born, age) for age in ages_that_end_cover()]
    found.append(_end_after(AFTER_DIVORCE, told.days["divorced_on"]))
    found.append(_end_after(AFTER_DEATH, told.days["insured_deceased_on"]))
    for path in (CHILD_AGE, STUDENT_AGE, AGE_ITSELF, AFTER_DIVORCE, AFTER_DEATH):
        changes = (day_number(value.since) for value in get_parameter(path).values[1:])
        found += [np.full(born.size, day, np.int64) for day in changes]
    return found


def _held(spells: tuple[Integers, Integers], rows: Integers, days: Days) -> Flags:
    """Whether any spell of the row holds on the day: more of them begun than ended."""
    begun, ended = (
        np.searchsorted(packed, _pack(rows, days), side="right")
        - np.searchsorted(packed, rows << DAY_BITS)
        for packed in spells
    )
    held: Flags = begun > ended
    return held


def _flags(told: _Members, rows: Integers, days: Days) -> dict[str, Flags]:
    """Each field of `MemberSituation` on each of the days."""
    on = {name: column[rows] for name, column in told.days.items()}
    born = on["birth_date"]
    return {
        **{name: column[rows] for name, column in told.static.items()},
        "deceased": on["deceased_on"] <= days,
        "joined": (on["joined_on"] == NO_DAY) | (on["joined_on"] <= days),
        "own_scheme": _held(told.spells["own_scheme"], rows, days),
        "divorced": on["divorced_on"] <= days,
        "after_divorce": (on["divorced_on"] < NO_DAY)
        & (days < _end_after(AFTER_DIVORCE, on["divorced_on"])),
        "born": born <= days,
        "young": (born < NO_DAY) & (days < _birthday(born, _years(CHILD_AGE, days))),
        "student_age": (born < NO_DAY) & (days < _birthday(born, _years(STUDENT_AGE, days))),
        "married": on["married_on"] <= days,
        "studying": _held(told.spells["schooling"], rows, days),
        "disabled": on["disabled_since"] <= days,
        "insured_deceased": on["insured_deceased_on"] <= days,
        "after_death": (on["insured_deceased_on"] < NO_DAY)
        & (days < _end_after(AFTER_DEATH, on["insured_deceased_on"])),
    }


def _decided(
    told: _Members, insured: _Insured, rows: Integers, days: Days
) -> tuple[NDArray[np.int64], list[Standing]]:
    """What holds on each day, as a place in the list of standings that occur."""
    flags = _flags(told, rows, days)
    situation = np.zeros(rows.size, np.int64)
    for bit, name in enumerate(_FLAGS):
        situation |= flags[name].astype(np.int64) << bit
    died = told.days["insured_deceased_on"]
    before = insured.on(told.insured, np.where(died < NO_DAY, died - 1, 0))
    open_ones = np.array([one.status is Status.OPEN for one in insured.standings] + [False])
    open_at_death = (died < NO_DAY) & open_ones[before]
    # The place in `standings` is above the flags, whether rights were open at the death on top.
    own = insured.on(told.insured[rows], days)
    key = ((own << 1 | open_at_death[rows]) << len(_FLAGS)) | situation
    seen, place = np.unique(key, return_inverse=True)
    numbers: dict[Standing, int] = {}
    decided = [
        numbers.setdefault(_standing(one, insured.standings), len(numbers)) for one in seen.tolist()
    ]
    return np.array(decided, np.int64)[place], list(numbers)


def _standing(key: int, standings: tuple[Standing, ...]) -> Standing:
    now = MemberSituation(*(bool(key >> bit & 1) for bit in range(len(_FLAGS))))
    rest = key >> len(_FLAGS)
    return standing_through(cover_of(now), standings[rest >> 1], bool(rest & 1))
