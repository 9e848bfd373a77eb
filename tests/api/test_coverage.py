"""Coverage checks: what is answered, to whom, how often, and what is noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.api.factories import AT, FATIMA, insured, token
from tests.contributions.factories import pay, run

from qafila.care.models import CoverageCheck
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation import clock
from qafila.foundation.trail import acting, system_actor
from qafila.people.add_from_lists import PERSON_SCHEMA, add_identifiers, add_persons
from qafila.people.models import Identifier, Person
from qafila.register.models import Entry
from qafila.rights.actions import rebuild_rights

URL = "/api/v1/coverage"
DAY = "2026-11-22"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(AT):
        yield


def ask(client: Client, bearer: str, language: str = "fr", **query: Any) -> Any:
    asked = {"id_type": "cin", "id": FATIMA, "on": DAY, **query}
    given = {name: value for name, value in asked.items() if value is not None}
    return client.get(
        URL, given, headers={"Authorization": f"Bearer {bearer}", "Accept-Language": language}
    )


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", ["JB123456", "jb 123456", "JB-١٢٣٤٥٦"])
def test_open_rights_are_told_with_initials_only(client: Client, spelling: str) -> None:
    insured()
    response = ask(client, token(), id=spelling)
    assert response.status_code == 200, response.content
    told = response.json()
    assert told == {
        "status": "open", "reason": "paid_up", "on": DAY, "since": "2026-01-01", "until": None,
        "initials": "A. L. F.", "dependants": None, "as_dependant": False, "known_until": None,
        "sentence": told["sentence"],
    }  # fmt: skip
    assert "2026" in told["sentence"]
    assert "Fatima" not in response.content.decode()


@pytest.mark.django_db
def test_each_number_finds_the_person(client: Client) -> None:
    person = insured()
    with acting(system_actor("tests"), at=AT):
        Identifier.objects.create(person=person, kind="register", value="F-7731")
    bearer = token()
    assert ask(client, bearer, id_type="nia", id="F-7731").json()["status"] == "open"
    fund = f"{100_000_000 + person.pk}"
    assert ask(client, bearer, id_type="fund", id=fund).json()["status"] == "open"
    assert ask(client, bearer, id_type="nia", id=fund).json()["status"] == "unknown"


@pytest.mark.django_db
def test_rights_of_another_day(client: Client) -> None:
    insured(status="suspended")
    bearer = token()
    assert ask(client, bearer).json()["status"] == "suspended"
    before = ask(client, bearer, on="2025-12-31").json()
    assert (before["status"], before["reason"], before["initials"]) == ("none", "not_enrolled", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Pas encore connu"),
        ("ar", "غير معروف بعد"),
        ("zgh", "ⵓⵔ ⵜⴰ ⵉⵜⵜⵓⵙⵙⵏ"),
        ("en", "Not known yet"),
    ],
)
def test_a_day_after_the_last_month_called_is_not_known_yet(
    client: Client, language: str, words: str
) -> None:
    person = insured()
    run()
    bearer = token()
    december = ask(client, bearer, on="2026-12-15").json()
    assert (december["status"], december["until"]) == ("not_known", "2027-01-01")
    pay(Enrolment.objects.get(person=person), 16352)
    called = ask(client, bearer, language, on="2026-11-30").json()
    assert (called["status"], called["known_until"]) == ("open", "2026-11-30")
    later = ask(client, bearer, language, on="2035-01-01").json()
    assert (later["status"], later["reason"]) == ("not_known", "not_called_yet")
    assert later["known_until"] == "2026-11-30"
    assert words in later["sentence"]
    assert "2026" in later["sentence"]


@pytest.mark.django_db
def test_the_sentence_follows_the_day_asked(client: Client) -> None:
    insured(status="suspended")
    bearer = token()
    assert "sont suspendus" in ask(client, bearer).json()["sentence"]
    before = ask(client, bearer, on="2026-10-01").json()["sentence"]
    assert before.startswith("Situation de vos droits au 1er octobre 2026")
    assert "si rien ne change" in ask(client, bearer, on="2026-12-24").json()["sentence"]


@pytest.mark.django_db
def test_an_unknown_number_looks_like_any_answer(client: Client) -> None:
    insured()
    known, unknown = ask(client, token()), ask(client, token(), id="X1")
    assert unknown.status_code == 200
    assert unknown.json().keys() == known.json().keys()
    assert (unknown.json()["status"], unknown.json()["reason"]) == ("unknown", "no_such_number")


@pytest.mark.django_db
def test_a_number_of_two_people_tells_about_neither(client: Client) -> None:
    insured()
    insured()
    told = ask(client, token()).json()
    assert (told["status"], told["reason"], told["initials"]) == ("unknown", "several_people", "")


@pytest.mark.django_db
@pytest.mark.parametrize("id_type", ["cin", "fund", "nia"])
def test_a_list_that_gives_a_number_to_another_changes_nothing_for_its_holder(
    client: Client, id_type: str
) -> None:
    fatima = insured()
    number = {"cin": FATIMA, "fund": f"{100_000_000 + fatima.pk}", "nia": "F-7731"}[id_type]
    system = system_actor("tests")
    with acting(system, at=AT):
        Entry.objects.create(person=fatima, register_number="F-7731", entered_on=AT.date())
    named = pl.DataFrame({"full_name_latn": ["Salma"], "card_number": [FATIMA]})
    blank = pl.DataFrame(schema=PERSON_SCHEMA)
    [salma] = add_persons(pl.concat([blank, named], how="diagonal"), actor=system, at=AT)
    kinds = {"cin": "card", "fund": "fund", "nia": "register"}
    noted = {"person_id": [salma], "kind": [kinds[id_type]], "value": [number]}
    add_identifiers(pl.DataFrame(noted), actor=system, at=AT)
    told = ask(client, token(), id_type=id_type, id=number).json()
    assert (told["status"], told["initials"]) == ("open", "A. L. F.")
    assert CoverageCheck.objects.get().person_id == fatima.pk
    assert Person.objects.get(pk=salma).card_number == ""


@pytest.mark.django_db
def test_sentences_follow_the_language_asked_for(client: Client) -> None:
    insured()
    bearer = token()
    told = {lang: ask(client, bearer, lang).json()["sentence"] for lang in ("ar", "fr", "zgh")}
    assert len(set(told.values())) == 3
    assert ask(client, bearer, "de, fr;q=0.8, ar;q=0.3").json()["sentence"] == told["fr"]
    assert ask(client, bearer, "xx;q=zzz,,;").json()["sentence"] == told["ar"]


@pytest.mark.django_db
def test_each_check_is_noted_and_stays(client: Client) -> None:
    person = insured()
    ask(client, token())
    ask(client, token(), id="X1")
    known, unknown = CoverageCheck.objects.order_by("pk")
    assert (known.person_id, known.status, known.on) == (person.pk, "open", dt.date(2026, 11, 22))
    assert (unknown.person_id, unknown.reason) == (None, "no_such_number")
    assert known.partner_id != unknown.partner_id
    for change in (lambda: CoverageCheck.objects.update(status="none"), known.delete):
        with (
            pytest.raises(DatabaseError, match="only ever added"),
            transaction.atomic(),
            acting(system_actor("tests"), at=AT),
        ):
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"id_type": "passport"}, "id_type"),
        ({"id_type": None}, "id_type"),
        ({"id": None}, "id"),
        ({"id": "12345678"}, "id"),
        ({"id": "A" * 31}, "id"),
        ({"id_type": "fund", "id": "12"}, "id"),
        ({"id_type": "nia", "id": "7\x00'"}, "id"),
        ({"on": "22/11/2026"}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "20261122"}, "on"),
        ({"dependants": "perhaps"}, "dependants"),
    ],
)
def test_bad_input_names_the_field(client: Client, query: dict[str, Any], field: str) -> None:
    response = ask(client, token(), **query)
    assert response.status_code == 422
    told = response.json()
    assert told["field"] == field
    assert f"{field}" in told["sentence"]
    assert not CoverageCheck.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc", "Bearer \u00e9"])
def test_without_a_token_nothing_is_told(client: Client, header: str) -> None:
    response = client.get(URL, {"id_type": "cin", "id": FATIMA, "on": DAY},
                          headers={"Authorization": header})  # fmt: skip
    assert response.status_code == 401
    assert response.json()["code"] == "token_refused"
    assert "Bearer" in response["WWW-Authenticate"]


@pytest.mark.django_db
def test_tokens_end_and_need_their_scope(client: Client) -> None:
    assert ask(client, token(lasts=dt.timedelta(seconds=-1))).status_code == 401
    response = ask(client, token("coverage:dependants"))
    assert (response.status_code, response.json()["code"]) == (403, "scope_missing")


def _family(person: Person) -> None:
    with acting(system_actor("tests"), at=AT):
        child = Person.objects.create(
            full_name_latn="AIT LAHCEN Sara", birth_date=dt.date(2015, 3, 1),
            created_at=AT, created_by_id=system_actor("tests").id,
        )  # fmt: skip
        Dependant.objects.create(
            insured=person, person=child, relation="child", state="declared", since=AT.date()
        )


@pytest.mark.django_db
def test_dependants_for_those_who_may(client: Client) -> None:
    _family(insured(sex="M"))
    both = "coverage:read coverage:dependants"
    told = ask(client, token(both, may_see_dependants=True), dependants="true").json()
    [child] = told["dependants"]
    assert (child["relation"], child["initials"], child["birth_year"], child["status"]) == (
        "child", "A. L. S.", 2015, "open"
    )  # fmt: skip
    assert CoverageCheck.objects.get().dependants_told


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["open", "suspended"])
def test_a_dependant_s_own_card_is_answered_by_the_insured_person_s_rights(
    client: Client, status: str
) -> None:
    person = insured("JB900900", status)
    _family(person)
    Person.objects.exclude(pk=person.pk).update(card_number=FATIMA)
    rebuild_rights(on=AT.date(), actor=system_actor("tests"), at=AT)
    told = ask(client, token()).json()
    own = ask(client, token(), id="JB900900").json()
    assert (told["as_dependant"], own["as_dependant"]) == (True, False)
    assert (told["status"], told["reason"]) == (own["status"], own["reason"])
    assert (told["initials"], told["sentence"] == own["sentence"]) == ("A. L. S.", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "may"),
    [("coverage:read", True), ("coverage:read coverage:dependants", False)],
)
def test_dependants_refused_to_others(client: Client, scope: str, may: bool) -> None:
    _family(insured())
    response = ask(client, token(scope, may_see_dependants=may), dependants="true")
    assert response.status_code == 403
    assert not CoverageCheck.objects.exists()


@pytest.mark.django_db
def test_more_than_agreed_is_refused_with_a_time(client: Client) -> None:
    insured()
    bearer = token(checks_per_minute=3)
    statuses = [ask(client, bearer).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    response = ask(client, bearer)
    assert 1 <= int(response["Retry-After"]) <= 20
    assert response["Retry-After"] in response.json()["sentence"]
    assert CoverageCheck.objects.count() == 3


@pytest.mark.django_db
def test_guessing_numbers_runs_dry_ten_times_sooner(client: Client) -> None:
    bearer = token(checks_per_minute=20)
    statuses = [ask(client, bearer, id=f"X{number}").status_code for number in range(1, 4)]
    assert statuses == [200, 200, 429]
