"""A file opened at a counter: not twice, not elsewhere; closed again while nothing hangs on it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from tests.people.conftest import AGADIR, SETTAT, Cast, PersonMaker

from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.foundation.models import AccessLogEntry, JournalEntry
from qafila.people import errors
from qafila.people.access import get_person, seen_by
from qafila.people.asking import probes
from qafila.people.corrections import Correction, correct_person
from qafila.people.models import Person
from qafila.people.opening.begin_file import NewPerson, alike, begin_file, close_begun_file

pytestmark = pytest.mark.django_db
KHADIJA = NewPerson(
    full_name_ar="خديجة بناني", full_name_latn="Khadija Bennani", sex="F", birth_date="1988",
    card_number="ja 123456", phone="0612345678", commune=f"{SETTAT}.01.01",
)  # fmt: skip


def _begin(actor: Actor, at: dt.datetime, **changed: str) -> int:
    new = NewPerson(**{**KHADIJA.__dict__, **changed})
    return begin_file(new, actor=actor, at=at)


def test_a_file_is_opened_once_and_found_by_all_that_was_said(
    territory: None, cast: Cast, at: dt.datetime
) -> None:
    command = uuid.uuid4()
    numbers = {begin_file(KHADIJA, actor=cast.youssef, at=at, command_id=command) for _ in range(2)}
    [number] = numbers
    found = get_person(number, scope=seen_by(cast.youssef))
    assert (found.person.card_number, found.phones) == ("JA123456", ("+212612345678",))
    assert (found.person.birth_precision, found.person.province_id) == ("year", SETTAT)
    assert [one.verb for one in JournalEntry.objects.filter(person_id=number)] == [
        "people.file_begun"
    ]
    assert [hit.id for hit in alike(KHADIJA, scope=seen_by(cast.youssef))] == [number]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"full_name_ar": "", "full_name_latn": ""}, errors.NameMissing),
        ({"commune": ""}, errors.PlaceNeeded),
        ({"commune": f"{AGADIR}.01.01"}, errors.PlaceElsewhere),
        ({"card_number": "12"}, errors.UnusableValue),
        ({"birth_date": "01/01/2090"}, errors.UnusableValue),
        ({"phone": "12"}, errors.UnusableValue),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    territory: None,
    cast: Cast,
    at: dt.datetime,
    changed: dict[str, str],
    refused: type[DomainError],
) -> None:
    with pytest.raises(refused):
        _begin(cast.youssef, at, **changed)
    with pytest.raises(NotAllowed):
        _begin(cast.auditor, at)
    assert not Person.objects.exists()


def test_who_may_have_a_file_already_is_shown_first(
    person: PersonMaker, cast: Cast, at: dt.datetime
) -> None:
    there = person("Khadija Bennani", birth_date=dt.date(1988, 5, 1), birth_precision="day")
    person("Khadija Bennani", birth_date=dt.date(1960, 1, 1), birth_precision="day")
    assert [one.id for one in alike(KHADIJA, scope=seen_by(cast.youssef))] == [there.pk]
    with pytest.raises(errors.PerhapsKnown):
        _begin(cast.youssef, at)
    assert begin_file(KHADIJA, confirmed=("perhaps_known",), actor=cast.youssef, at=at)


def test_a_card_is_nobodys_twice_and_elsewhere_no_file_is_named(
    person: PersonMaker, cast: Cast, at: dt.datetime
) -> None:
    held = person("Somebody Else", card_number="JA123456", province=AGADIR)
    with pytest.raises(errors.KnownElsewhere) as told:
        _begin(cast.youssef, at)
    assert str(held.pk) not in told.value.sentence()
    Person.objects.filter(pk=held.pk)
    with pytest.raises(errors.CardHeldByAnother):
        begin_file(
            NewPerson(**{**KHADIJA.__dict__, "commune": f"{AGADIR}.01.01"}),
            actor=cast.salma, at=at,
        )  # fmt: skip


def test_a_file_opened_by_mistake_is_closed_by_who_opened_it_while_nothing_hangs_on_it(
    territory: None, cast: Cast, at: dt.datetime
) -> None:
    number = _begin(cast.youssef, at)
    with pytest.raises(NotFoundInScope):
        close_begun_file(number, actor=cast.amal, at=at)
    close_begun_file(number, actor=cast.youssef, at=at)
    assert not Person.objects.exists()
    again = _begin(cast.youssef, at)
    change = {"sex": Correction("F", "")}
    correct_person(again, changes=change, actor=cast.youssef, at=at)
    close_begun_file(again, actor=cast.youssef, at=at)
    assert not Person.objects.exists()


def test_opening_files_is_no_way_to_try_cards_of_other_territories(
    person: PersonMaker, cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "PROBES_AN_HOUR", 2)
    person("Somebody Else", card_number="JA123456", province=AGADIR)
    person("Khadija Bennani", ar="خديجة بناني")
    with pytest.raises(errors.PerhapsKnown):  # says nothing of the card
        _begin(cast.youssef, at)
    apart = {"full_name_ar": "", "full_name_latn": "Zineb Ouahbi", "phone": ""}
    another = {**apart, "full_name_latn": "Rachid Tazi", "card_number": "JA123457"}
    _begin(cast.youssef, at, **another)  # opened: it counts for nothing
    for _time in range(2):
        with pytest.raises(errors.KnownElsewhere):
            _begin(cast.youssef, at, **apart)
    assert AccessLogEntry.objects.filter(place=probes.PROBING).exists()
    with pytest.raises(errors.TooManyProbes):
        _begin(cast.youssef, at, **apart)


def test_a_file_in_which_somebody_else_wrote_is_not_closed_again(
    territory: None, cast: Cast, at: dt.datetime
) -> None:
    number = _begin(cast.youssef, at)
    phone = {"phone": Correction("", "0612345699")}
    correct_person(number, changes=phone, actor=cast.amal, at=at)
    with pytest.raises(errors.FileUsedSince):
        close_begun_file(number, actor=cast.youssef, at=at)
    assert Person.objects.filter(pk=number).exists()


def test_a_file_that_was_not_opened_so_is_not_closed_by_who_made_it(
    person: PersonMaker, cast: Cast, at: dt.datetime
) -> None:
    imported = person("Khadija Bennani")
    Person.objects.filter(pk=imported.pk).update(created_by=cast.youssef.id)
    with pytest.raises(NotFoundInScope):
        close_begun_file(imported.pk, actor=cast.youssef, at=at)
