"""Rights of many dependants at once are the rights of each; the family's follow the insured's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila_law import (
    Call,
    Custody,
    Dependant,
    Enrolment,
    Family,
    Link,
    Proof,
    RightsFacts,
    RightsPeriod,
    Spell,
    dependant_periods,
    dependants_batch,
    rights_periods,
)

FIRST, LAST = date(2021, 12, 1), date(2029, 6, 30)
days = st.dates(FIRST, LAST)
births = st.dates(date(1960, 1, 1), date(2028, 12, 31)) | st.sampled_from([date(2004, 2, 29)])
_DAYS = ("birth_date", "joined_on", "divorced_on", "married_on", "disabled_since", "deceased_on")


@st.composite
def spells(draw: st.DrawFn, kind: Any) -> tuple[Any, ...]:
    """None, one or two spells that end after they begin, which may overlap."""
    found = []
    for _ in range(draw(st.integers(0, 2))):
        since, until = sorted((draw(days), draw(days)))
        if since < until:
            found.append(kind(since, until))
    return tuple(found)


@st.composite
def members(draw: st.DrawFn) -> Dependant:
    """Anyone a family may have."""
    born = draw(st.none() | births)
    died = draw(st.none() | days)
    return Dependant(
        id="?",
        link=draw(st.sampled_from(Link)),
        birth_date=born,
        divorced_on=draw(st.none() | days),
        schooling=draw(spells(Proof)),
        own_schemes=draw(spells(Spell)),
        other_parent_insured=draw(st.booleans()),
        custody=draw(st.none() | st.sampled_from(Custody)),
        deceased_on=died if died and born and died >= born else None,
        joined_on=draw(st.none() | days),
        married_on=draw(st.none() | days),
        disabled_since=draw(st.none() | days),
    )


@st.composite
def families(draw: st.DrawFn) -> tuple[Family, tuple[RightsPeriod, ...]]:
    """A family and the rights of the insured person, who may have none."""
    died = draw(st.none() | days)
    family = Family(tuple(draw(st.lists(members(), max_size=3))), draw(st.booleans()), died)
    enrolments = draw(st.lists(st.builds(Enrolment, days), max_size=1))
    due, paid = draw(days), draw(st.none() | days)
    call = Call(due.replace(day=1), due, 16_352, 16_352 if paid else 0, paid)
    facts = RightsFacts(tuple(enrolments), (call,), deceased_on=died)
    return family, rights_periods(facts)


def _rows(told: list[tuple[Family, tuple[RightsPeriod, ...]]]) -> Iterator[dict[str, Any]]:
    for insured, (family, _) in enumerate(told):
        for place, one in enumerate(family.dependants):
            yield {
                "dependant": insured * 10 + place,
                "insured": insured,
                "link": one.link.value,
                "custody": one.custody or "",
                "other_parent_insured": one.other_parent_insured,
                "insured_is_father": family.insured_is_father,
                "insured_deceased_on": family.insured_deceased_on,
                "one": one,
                **{name: getattr(one, name) for name in _DAYS},
            }


def _columns(rows: list[dict[str, Any]], names: tuple[str, ...], dates: set[str]) -> pa.Table:
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], pa.date32() if name in dates else None)
            for name in names
        }
    )


def _batch(told: list[tuple[Family, tuple[RightsPeriod, ...]]]) -> dict[int, list[tuple[Any, ...]]]:
    rows = list(_rows(told))
    spell_rows = [
        {"dependant": row["dependant"], "kind": kind, "since": one.since, "until": one.until}
        for row in rows
        for kind, held in (("schooling", row["one"].schooling),
                           ("own_scheme", row["one"].own_schemes))
        for one in held
    ]  # fmt: skip
    period_rows = [
        {"insured": insured, "since": one.since, "until": one.until,
         "status": one.status.value, "reason": one.reason}
        for insured, (_, periods) in enumerate(told)
        for one in periods
    ]  # fmt: skip
    dates = {*_DAYS, "insured_deceased_on", "since", "until"}
    texts = ("link", "custody", "other_parent_insured", "insured_is_father")
    found = dependants_batch(
        _columns(rows, ("dependant", "insured", *texts, *_DAYS, "insured_deceased_on"), dates),
        _columns(spell_rows, ("dependant", "kind", "since", "until"), dates),
        _columns(period_rows, ("insured", "since", "until", "status", "reason"), dates),
    )
    by_member: dict[int, list[tuple[Any, ...]]] = {}
    for row in found.to_pylist():
        period = (row["status"], row["reason"], row["since"], row["until"])
        by_member.setdefault(row["dependant"], []).append(period)
    return by_member


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(families(), min_size=1, max_size=4))
def test_many_at_once_are_each_by_themselves(
    told: list[tuple[Family, tuple[RightsPeriod, ...]]],
) -> None:
    found = _batch(told)
    for insured, (family, periods) in enumerate(told):
        for place, own in enumerate(dependant_periods(family, periods)):
            expected = [(one.status.value, one.reason, one.since, one.until) for one in own]
            assert found.pop(insured * 10 + place, []) == expected
    assert not found


def test_a_child_follows_the_insured_person_until_the_21st_birthday() -> None:
    unpaid = Call(date(2026, 3, 1), date(2026, 4, 30), 16_352, 16_352, date(2026, 7, 1))
    first = Call(date(2026, 1, 1), date(2026, 1, 1), 16_352, 16_352, date(2026, 1, 1))
    second = Call(date(2026, 2, 1), date(2026, 3, 31), 16_352, 16_352, date(2026, 7, 1))
    facts = RightsFacts((Enrolment(date(2022, 12, 1)),), (first, second, unpaid))
    family = Family((Dependant("c", Link.CHILD, date(2005, 9, 9)),))
    [found] = dependant_periods(family, rights_periods(facts))
    told = [(one.status.value, one.reason, one.since, one.until) for one in found]
    assert told[-3:] == [
        ("open", "paid_up", date(2026, 7, 1), date(2026, 9, 9)),
        ("closed", "schooling_proof_missing", date(2026, 9, 9), date(2035, 9, 9)),
        ("closed", "too_old", date(2035, 9, 9), None),
    ]
