"""Corrections by a person with the document in hand."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.people.conftest import Cast, PersonMaker

from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope, SomeoneElseActed
from qafila.foundation.journal import erase_personal_data
from qafila.foundation.models import JournalEntry
from qafila.people.corrections import Correction, correct_person
from qafila.people.errors import FileMerged, NameMissing, NotCorrectable, UnusableValue
from qafila.people.merging.merging import merge_persons
from qafila.people.queries import search_people
from qafila.places.models import Commune

pytestmark = pytest.mark.django_db


def test_names_dates_cards_and_phones_are_corrected(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one = person(
        "Mohamed Alaui", card_number="AB1234", phones=("+212612345678",),
        numbers=(("card", "AB1234"),), family_name_latn="Alaui", given_name_latn="Mohamed",
    )  # fmt: skip
    changed = correct_person(
        one.pk,
        changes={
            "family_name_latn": Correction("Alaui", "Alaoui"),
            "birth_date": Correction("", "1979"),
            "card_number": Correction("AB1234", "ab 12 35"),
            "phone": Correction("+212612345678", "06 98 76 54 32"),
            "sex": Correction("", ""),
        },
        actor=system,
        at=at,
    )
    assert changed == ("birth_date", "card_number", "family_name_latn", "phone")
    one.refresh_from_db()
    assert (one.full_name_latn, one.card_number) == ("Mohamed Alaoui", "AB1235")
    assert (one.birth_date, one.birth_precision) == (dt.date(1979, 1, 1), "year")
    assert [p.number for p in one.phones.all()] == ["+212698765432"]
    assert [i.value for i in one.identifiers.all()] == ["AB1235"]
    for text in ("العلوي", "alaui", "AB1235"):
        assert [hit.id for hit in search_people(text, scope=WHOLE_COUNTRY).hits] == [one.pk]


def test_what_the_page_showed_must_still_be_there(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one = person("Mohamed Alaoui", card_number="AB1234", birth_date=dt.date(1980, 5, 17))
    stale = [
        {"card_number": Correction("AB9999", "AB1")},
        {"birth_date": Correction("", "1981")},
        {"phone": Correction("0612345678", "0698765432")},
        {"full_name_latn": Correction("Somebody", "Mohamed")},
    ]
    for changes in stale:
        with pytest.raises(SomeoneElseActed):
            correct_person(one.pk, changes=changes, actor=system, at=at)


@pytest.mark.parametrize(
    ("field", "before", "after", "refusal"),
    [
        ("state", "active", "merged", NotCorrectable),
        ("birth_date", "", "yesterday", UnusableValue),
        ("birth_date", "", "31/02/1980", UnusableValue),
        ("card_number", "", "not a card", UnusableValue),
        ("phone", "", "12", UnusableValue),
        ("sex", "", "X", UnusableValue),
        ("full_name_latn", "Mohamed Alaoui", "", NameMissing),
    ],
)
def test_unusable_values_get_a_sentence(
    person: PersonMaker, system: Actor, at: dt.datetime, field: str, before: str, after: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    one = person("Mohamed Alaoui")
    with pytest.raises(refusal) as refused:
        correct_person(one.pk, changes={field: Correction(before, after)}, actor=system, at=at)
    assert refused.value.sentence().endswith(".")


def test_who_may_correct(person: PersonMaker, system: Actor, at: dt.datetime, cast: Cast) -> None:
    one, two = person("Mohamed Alaoui"), person("Med Alaoui")
    changes = {"sex": Correction("", "M")}
    with pytest.raises(NotAllowed):
        correct_person(one.pk, changes=changes, actor=cast.auditor, at=at)
    with pytest.raises(NotFoundInScope):
        correct_person(one.pk, changes=changes, actor=cast.salma, at=at)
    assert correct_person(one.pk, changes=changes, actor=cast.youssef, at=at) == ("sex",)
    merge_persons(one.pk, two.pk, evidence={}, actor=system, at=at)
    with pytest.raises(FileMerged):
        correct_person(two.pk, changes=changes, actor=cast.youssef, at=at)


def test_values_in_the_journal_can_be_erased(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one = person("Mohamed Alaoui", card_number="AB1234")
    change = {"card_number": Correction("AB1234", "AB1235")}
    correct_person(one.pk, changes=change, actor=system, at=at)
    entry = JournalEntry.objects.get(verb="people.person_corrected")
    assert (entry.data["before"], entry.data["after"]) == ("AB1234", "AB1235")
    assert erase_personal_data(one.pk) == 1
    entry.refresh_from_db()
    assert "AB123" not in str(entry.data)


def test_a_commune_brings_its_province_and_an_unknown_one_is_refused(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one = person("Mohamed Alaoui", province=None)
    code = Commune.objects.order_by("code").values_list("code", flat=True)[0]
    changed = correct_person(one.pk, changes={"commune": Correction("", code)}, actor=system, at=at)
    assert changed == ("commune",)
    one.refresh_from_db()
    assert one.commune_id == code
    assert one.province_id
    assert one.region_code
    with pytest.raises(SomeoneElseActed):
        correct_person(one.pk, changes={"commune": Correction("", code)}, actor=system, at=at)
    with pytest.raises(UnusableValue):
        correct_person(one.pk, changes={"commune": Correction(code, "99.999")}, actor=system, at=at)
    correct_person(one.pk, changes={"commune": Correction(code, "")}, actor=system, at=at)
    one.refresh_from_db()
    assert (one.commune_id, one.province_id, one.region_code) == (None, None, "")
