"""One search box over names in both scripts and every number."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.conftest import AGADIR, SETTAT, PersonMaker

from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.people import queries
from qafila.people.access import get_person
from qafila.people.merging.merging import merge_persons
from qafila.people.queries import files_merged_into, search_people
from qafila.people.search import CARD_ENDS, understood

pytestmark = pytest.mark.django_db


def _ids(text: str, scope: Scope = WHOLE_COUNTRY) -> list[int]:
    return [hit.id for hit in search_people(text, scope=scope).hits]


@pytest.mark.parametrize(
    "text",
    ["محمد ايت لحسن", "ait lahcen mohamed", "Aït Lahcen", "lahcen", "لحسن", "LAHCEN moh", "محمد"],
)
def test_a_name_is_found_by_part_of_it_in_the_other_script(person: PersonMaker, text: str) -> None:
    found = person("Mohamed Aït Lahcen")
    also = person("", "محمد آيت لحسن")
    person("Khadija Bennani")
    assert set(_ids(text)) == {found.pk, also.pk}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("JE254533", "card"),
        ("je 254 533", "card"),
        ("JE-254533", "card"),
        ("je٢٥٤٥٣٣", "card"),
        ("0612345678", "phone"),
        ("+212 6 12 34 56 78", "phone"),
        ("٠٦١٢٣٤٥٦٧٨", "phone"),
        ("123456789", "fund"),
        ("123 456 789", "fund"),
        ("100042", "register"),
        ("AE200001", "auto_entrepreneur"),
        ("Fatima JE254533", "card"),
    ],
)
def test_numbers_are_found_in_any_spelling(person: PersonMaker, text: str, matched: str) -> None:
    found = person(
        "Fatima Zahra Alaoui",
        card_number="JE254533",
        phones=("+212612345678",),
        numbers=(
            ("card", "JE254533"),
            ("fund", "123456789"),
            ("register", "100042"),
            ("auto_entrepreneur", "AE200001"),
        ),
    )
    person("Somebody Else", card_number="JE254534")
    (hit,) = search_people(text, scope=WHOLE_COUNTRY).hits
    assert (hit.id, hit.matched) == (found.pk, matched)


@pytest.mark.parametrize(
    "text", ["2545", "4533", "JE25", "je 25", "54533", "254-533", "٢٥٤٥", "fatima 2545", "E2545"]
)
def test_a_part_of_the_card_number_finds_it(person: PersonMaker, text: str) -> None:
    found = person("Fatima Alaoui", card_number="JE254533")
    person("Khadija Bennani", card_number="JE999999")
    (hit,) = search_people(text, scope=WHOLE_COUNTRY).hits
    assert (hit.id, hit.matched, hit.matched_value) == (found.pk, "card", "JE254533")


@pytest.mark.parametrize("text", ["254", "2546", "khadija 2545", "AJE2545"])
def test_too_short_or_no_part_of_a_card_finds_nobody(person: PersonMaker, text: str) -> None:
    person("Fatima Alaoui", card_number="JE254533")
    assert _ids(text) == []


def test_an_equal_number_comes_alone_before_cards_that_hold_it(person: PersonMaker) -> None:
    exact = person("Fatima Alaoui", card_number="AB9", numbers=(("register", "254533"),))
    person("Khadija Bennani", card_number="JE254533")
    assert _ids("254533") == [exact.pk]


def test_parts_of_cards_are_looked_for_in_the_territory_only(person: PersonMaker) -> None:
    here = person("Fatima Alaoui", card_number="JE254533")
    assert _ids("2545", Scope(province_codes=frozenset({SETTAT}))) == [here.pk]
    assert _ids("2545", Scope(province_codes=frozenset({AGADIR}))) == []
    assert _ids("2545", NOWHERE) == []


def test_the_index_holds_what_the_query_asks(person: PersonMaker) -> None:
    """The expression of the query is the index's own, or the index would never be used."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM people_person WHERE card_number <> '' "
            f"AND {CARD_ENDS} @@ '2545:*'::tsquery"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "person_by_part_of_card" in plan


def test_the_exact_number_comes_before_names_and_the_closest_name_first(
    person: PersonMaker,
) -> None:
    longer = person("Ali Alaoui Mdaghri")
    exact = person("Ali Alaoui")
    begun = person("Alia Alaouiti")
    numbered = person("Zineb", card_number="AB123456")
    assert _ids("ali alaoui AB123456")[0] == numbered.pk
    order = _ids("ali alaoui")
    assert order[0] == exact.pk
    assert set(order) >= {exact.pk, longer.pk}
    assert begun.pk not in order[:2]


def test_a_rare_word_among_frequent_ones_finds_the_same_people(person: PersonMaker) -> None:
    """With statistics, the rare word leads; without, all words together: the same answer."""
    for number in range(30):
        person(f"Mohamed Alaoui{'' if number % 2 else ' Tazi'}")
    found = person("Mohamed Zniber")
    also = person("", "محمد زنيبر")
    for analysed in (False, True):
        if analysed:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE people_person")
        for text in ("mohamed zniber", "zniber moh", "محمد زنيبر", "zni mohamed"):
            assert set(_ids(text)) == {found.pk, also.pk}, (analysed, text)
        assert _ids("mohamed zzyzx") == []


def test_one_word_of_three_may_fail(person: PersonMaker) -> None:
    found = person("Mohamed Aït Lahcen")
    assert _ids("mohamed lahcen zzyzx") == [found.pk]
    assert _ids("mohamed zzyzx") == []


@pytest.mark.parametrize("text", ["", " ", "a", "ب", "--", "12", "\x00", "'; DROP", "%", "!&|:*()"])
def test_short_and_odd_queries_get_an_answer(person: PersonMaker, text: str) -> None:
    person("Mohamed Aït Lahcen")
    result = search_people(text, scope=WHOLE_COUNTRY)
    assert result.hits == ()
    assert str(result.sentence).endswith(".")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_search(db: None, text: str) -> None:
    result = search_people(text, scope=WHOLE_COUNTRY)
    assert result.hits == ()
    assert result.too_short == understood(text).nothing


def test_at_most_five_statements(person: PersonMaker) -> None:
    for text in ("Mohamed Lahcen", "JE254533 mohamed", "mohamed lahcen zzyzx", "0612345678"):
        with CaptureQueriesContext(connection) as queries:
            search_people(text, scope=WHOLE_COUNTRY)
        assert len(queries) <= 5


def test_very_many_bearers_are_looked_for_in_a_share_of_the_table(
    person: PersonMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        person("Mohamed Alaoui")
    other = person("Mohamed Bennani")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")
    monkeypatch.setattr(queries, "_VERY_MANY", 10)
    monkeypatch.setattr(queries, "MOST_LOOKED_AT", 20)

    def sampled(text: str, scope: Scope = WHOLE_COUNTRY) -> tuple[bool, list[int]]:
        with CaptureQueriesContext(connection) as asked:
            found = search_people(text, scope=scope, limit=15)
        return any("TABLESAMPLE" in query["sql"] for query in asked), [h.id for h in found.hits]

    used, found = sampled("mohamed alaoui")
    assert used
    assert len(set(found)) == 15
    assert other.pk not in found
    assert sampled("mohamed alaoui", Scope(province_codes=frozenset({SETTAT})))[0] is False
    # Beginnings that many bear, and nobody both as whole words: the index is asked after all.
    monkeypatch.setattr(queries, "MOST_LOOKED_AT", 300)
    used, found = sampled("moh alaoui")
    assert used
    assert len(set(found)) == 15


def test_only_the_territory_is_searched(person: PersonMaker) -> None:
    here = person("Mohamed Aït Lahcen", card_number="JE254533")
    nowhere = person("Mohamed Aït Lahcen", province=None)
    agents = {
        Scope(province_codes=frozenset({SETTAT})): [here.pk],
        Scope(province_codes=frozenset({AGADIR})): [],
        NOWHERE: [],
        WHOLE_COUNTRY: [here.pk, nowhere.pk],
    }
    for scope, seen in agents.items():
        assert _ids("lahcen", scope) == seen
        assert _ids("JE254533", scope) == seen[:1]


def test_a_file_outside_the_territory_is_not_there(person: PersonMaker) -> None:
    found = person("Mohamed", phones=("+212612345678",), numbers=(("fund", "123456789"),))
    head = get_person(found.pk, scope=Scope(province_codes=frozenset({SETTAT})))
    assert (head.id, head.phones, head.identifiers) == (
        found.pk, ("+212612345678",), (("fund", "123456789"),),
    )  # fmt: skip
    for scope, number in (
        (Scope(province_codes=frozenset({AGADIR})), found.pk),
        (NOWHERE, found.pk),
        (WHOLE_COUNTRY, found.pk + 1),
    ):
        with pytest.raises(NotFoundInScope):
            get_person(number, scope=scope)


def test_a_merged_file_is_found_under_the_kept_one(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    kept, absorbed = person("Mohamed Alaoui"), person("", "محمد العلوي", card_number="AB1234")
    merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system, at=at)
    assert _ids("محمد") == [kept.pk]
    assert _ids("AB1234") == [kept.pk]
    head = get_person(absorbed.pk, scope=WHOLE_COUNTRY)
    assert (head.id, head.asked_for) == (kept.pk, absorbed.pk)
    assert files_merged_into(kept.pk, scope=WHOLE_COUNTRY) == (kept.pk, absorbed.pk)
