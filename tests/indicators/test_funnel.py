"""The funnel: sums, people behind each count, scope, filters, and one query each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.indicators.factories import STEPS, standing
from tests.register.factories import AT, PLACES, person, places, system

from qafila.accompaniment.models import Progress
from qafila.accompaniment.reasons import BY_CODE
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Scope
from qafila.foundation.trail import acting
from qafila.indicators import queries
from qafila.indicators.definitions import STEP_CODES, Dimension
from qafila.indicators.filters import Filters, UnknownFilter
from qafila.register.actions import load_trades
from qafila.register.models import Trade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


FACTS = st.fixed_dictionaries(
    {
        "done": st.sets(st.sampled_from(STEPS)),
        "province_code": st.sampled_from([*PLACES, ""]),
        "category": st.sampled_from(["craftworker", "cpu", "auto_entrepreneur"]),
        "sex": st.sampled_from(["F", "M", ""]),
        "trade_id": st.sampled_from([1, 2, None]),
        "reason": st.sampled_from(["no_card_number", "covered"]),
        "rights": st.sampled_from(["open", "none"]),
    }
)


def _made(number: int, facts: dict[str, Any]) -> Progress:
    done = dict.fromkeys(facts["done"], True)
    rest = {name: value for name, value in facts.items() if name != "done"}
    province = facts["province_code"]
    return Progress(
        person_id=number, stage="identified", computed_at=AT, region_code=PLACES.get(province, ""),
        commune_code=f"{province}.01.01" if province else "", **done, **rest,
    )  # fmt: skip


@pytest.mark.parametrize("by", Dimension)
def test_totals_are_the_sums_and_each_count_lists_its_people(by: Dimension) -> None:
    people = [person().pk for _ in range(8)]

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(FACTS, max_size=8))
    def holds(crowd: list[dict[str, Any]]) -> None:
        with acting(system(), at=AT):
            rows = [_made(people[i], facts) for i, facts in enumerate(crowd)]
            Progress.objects.bulk_create(rows)
            try:
                _check(by, crowd)
            finally:
                Progress.objects.all().delete()

    holds()


def _check(by: Dimension, crowd: list[dict[str, Any]]) -> None:
    funnel = queries.funnel(scope=WHOLE_COUNTRY, by=by)
    assert funnel.total.people("identified") == len(crowd)
    for step in STEPS:
        assert funnel.total.people(step) == sum(step in facts["done"] for facts in crowd)
    for step in STEP_CODES:
        assert funnel.total.people(step) == sum(row.people(step) for row in funnel.rows)
    for row in (*funnel.rows, funnel.total):
        for count in row.counts:
            params = {**count.params}
            step = params.pop("step")
            found = queries.people_behind(
                scope=WHOLE_COUNTRY, step=step, filters=Filters.from_address(params)
            )
            assert len(found.people) == count.people


def test_each_figure_is_one_query(django_assert_num_queries: Any) -> None:
    for province in PLACES:
        standing(province_code=province, done=STEPS)
    for by in (None, *Dimension):
        with django_assert_num_queries(1):
            queries.funnel(scope=WHOLE_COUNTRY, by=by)
    with django_assert_num_queries(1):
        queries.reason_counts(scope=WHOLE_COUNTRY)
    with django_assert_num_queries(1):
        queries.rights_counts(scope=WHOLE_COUNTRY)
    with django_assert_num_queries(1):
        queries.people_behind(scope=WHOLE_COUNTRY)


def test_staff_count_their_territory_and_nobody_counts_without_one() -> None:
    for province in (*PLACES, ""):
        standing(province_code=province)
    agadir = Scope(province_codes=frozenset({"09.001"}))
    counted = [
        queries.funnel(scope=scope).total.people("identified")
        for scope in (WHOLE_COUNTRY, agadir, NOWHERE)
    ]
    assert counted == [4, 1, 0]
    assert len(queries.people_behind(scope=agadir).people) == 1
    assert queries.people_behind(scope=NOWHERE).people == ()
    outside = Filters(province="06.141")
    assert queries.funnel(scope=agadir, within=outside).total.people("identified") == 0
    assert sum(one.people for one in queries.reason_counts(scope=agadir)) == 1
    assert sum(one.people for one in queries.rights_counts(scope=agadir)) == 1


def test_filters_narrow_and_join_the_dimension() -> None:
    standing(province_code="09.001", sex="F")
    standing(province_code="09.541", sex="M")
    standing(province_code="06.141", sex="M")
    funnel = queries.funnel(scope=WHOLE_COUNTRY, by=Dimension.SEX, within=Filters(region="09"))
    assert {row.value: row.people("identified") for row in funnel.rows} == {"F": 1, "M": 1}
    assert funnel.rows[0].counts[0].params == {"region": "09", "sex": "F", "step": "identified"}


def test_values_have_names_in_the_language_in_force() -> None:
    load_trades(actor=system(), at=AT)
    potter = Trade.objects.get(name_fr="Potier")
    standing(trade_id=potter.pk)
    standing(trade_id=None)
    names = {}
    for language in ("ar", "fr"):
        with translation.override(language):
            rows = queries.funnel(scope=WHOLE_COUNTRY, by=Dimension.TRADE).rows
            names[language] = [row.label for row in rows]
    assert names["ar"][0] == "صانع الفخار"
    assert names["fr"][0] == "Potier"
    assert rows[1].value == "-"
    with translation.override("fr"):
        provinces = queries.funnel(scope=WHOLE_COUNTRY, by=Dimension.PROVINCE).rows
    assert [row.label for row in provinces] == ["Province 09.001"]


def test_pages_of_people_follow_each_other_without_gap() -> None:
    expected = sorted(standing().person_id for _ in range(5))
    found, after = [], 0
    for _ in range(3):
        page = queries.people_behind(scope=WHOLE_COUNTRY, after=after, size=2)
        found += [one.person_id for one in page.people]
        after = page.after
    assert found == expected
    assert after == 0


def test_reasons_and_rights_are_counted() -> None:
    standing(reason="no_card_number")
    standing(reason="no_card_number")
    standing(reason="covered", rights="open")
    reasons = {one.code: one.people for one in queries.reason_counts(scope=WHOLE_COUNTRY)}
    assert reasons == {"no_card_number": 2, "covered": 1}
    rights = {one.code: one.people for one in queries.rights_counts(scope=WHOLE_COUNTRY)}
    assert rights == {"open": 1, "suspended": 0, "waiting": 0, "closed": 0, "none": 2}
    params = queries.reason_counts(scope=WHOLE_COUNTRY)[0].params
    found = queries.people_behind(scope=WHOLE_COUNTRY, filters=Filters.from_address(params))
    assert {one.reason for one in found.people} == {"no_card_number"}


@pytest.mark.parametrize(
    "params",
    [
        {"trade": "x"}, {"rights": "maybe"}, {"reason": "because"}, {"sex": "F\x00"},
        {"province": "09.001' OR true"}, {"commune": "1" * 41},
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(UnknownFilter) as refused:
        Filters.from_address(params)
    assert next(iter(params)) in refused.value.sentence()


def test_an_unknown_step_is_refused_and_unknown_parameters_are_left_alone() -> None:
    with pytest.raises(UnknownFilter):
        queries.people_behind(scope=WHOLE_COUNTRY, step="1=1")
    assert Filters.from_address({"page": "2", "sex": "F"}) == Filters(sex="F")


def test_addresses_lead_back_to_their_filters() -> None:
    filters = Filters(region="09", trade="-", reason="covered")
    assert Filters.from_address(filters.address_params()) == filters
    assert filters.but(Dimension.SEX, "") == replace(filters, sex="-")
    assert set(BY_CODE) >= {"covered"}


def test_a_huge_trade_number_finds_nobody() -> None:
    standing()
    filters = Filters(trade="9" * 40)
    with transaction.atomic(), CaptureQueriesContext(connection):
        assert queries.people_behind(scope=WHOLE_COUNTRY, filters=filters).people == ()
