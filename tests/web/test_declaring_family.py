"""A spouse or a child declared on the pages: asked, looked at with what follows, written down."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from tests.contributions.factories import NOVEMBER, in_arrears
from tests.enrolment.factories import enrolled, member
from tests.register.factories import AT, person, places, system
from tests.web.staff import in_language, signed_in, text_of

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.enrolment.models import Dependant
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights

pytestmark = pytest.mark.django_db
SURE = {"confirm": "yes"}


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def declaring(who: Person, relation: str = "spouse") -> str:
    return reverse("declare_member", args=[who.pk, relation])


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "full_name_latn": "Hassan Amzil", "birth_date": "17/05/1978",
        "command_id": str(uuid.uuid4()), **changes,
    }  # fmt: skip


CHILD = {"birth_date": "01/02/2019"}


def test_cover_and_papers_are_shown_first_and_nothing_is_written() -> None:
    fatima = in_arrears(0).person
    rebuild_rights(on=AT.date(), actor=system(), at=AT)
    client, before = signed_in(Role.COUNTER_AGENT), Person.objects.count()
    told = sent(joined_on="17/05/2020")
    page = text_of(client.post(declaring(fatima), told))
    assert "Hassan Amzil" in page
    assert "17 mai 1978" in page
    assert (
        "Couvert(e) depuis le 1er avril 2024 par l’assuré(e), dont les cotisations sont payées."
        in page
    )
    assert "Pièces à apporter : carte nationale d’identité · acte de mariage." in page
    assert (Dependant.objects.count(), Person.objects.count()) == (0, before)
    arabic = text_of(in_language(client, "ar").post(declaring(fatima), told))
    assert "الوثائق المطلوبة: البطاقة الوطنية للتعريف · عقد الزواج." in arabic


def test_who_is_not_covered_yet_is_told_why() -> None:
    fatima = in_arrears(6).person
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    page = text_of(signed_in(Role.COUNTER_AGENT).post(declaring(fatima, "child"), sent(**CHILD)))
    assert "Pièces à apporter : acte de naissance." in page
    assert "Couvert(e) depuis" not in page
    assert "l’assuré(e) a des cotisations à payer" in page


def test_a_spouse_is_declared_once_however_often_the_button_is_pressed() -> None:
    fatima = enrolled().person
    client = signed_in(Role.FIELD_AGENT)
    told = sent() | SURE
    for _ in range(2):
        done = client.post(declaring(fatima), told, follow=True)
    assert "Hassan Amzil" in done.content.decode()
    assert Dependant.objects.get(insured=fatima).state == "declared"


@pytest.mark.parametrize(
    "wrong",
    [{"birth_date": "1978"}, {"card_number": "5"}, {"full_name_latn": ""}, {"joined_on": "hier"}],
)
def test_a_member_that_cannot_be_is_refused_with_a_sentence(wrong: dict[str, str]) -> None:
    fatima = enrolled().person
    client = signed_in(Role.FIELD_AGENT)
    assert client.post(declaring(fatima), sent(**wrong) | SURE).status_code == 422
    assert client.get(declaring(fatima, "cousin")).status_code == 404
    assert not Dependant.objects.exists()


def test_each_is_asked_only_what_concerns_them() -> None:
    fatima, client = enrolled().person, signed_in(Role.COUNTER_AGENT)
    spouse, child = (text_of(client.get(declaring(fatima, one))) for one in ("spouse", "child"))
    for name in ("taken_in", "custody", "schooling_until", "married"):
        assert f'name="{name}"' not in spouse
        assert f'name="{name}"' in child
    assert 'name="judges_leave"' in spouse
    assert 'name="judges_leave"' not in child


def test_the_day_of_the_marriage_is_asked_and_may_be_unknown() -> None:
    client = signed_in(Role.COUNTER_AGENT)
    for day, kept in (("", None), ("17/05/2020", dt.date(2020, 5, 17))):
        fatima = enrolled().person
        assert client.post(declaring(fatima), sent(joined_on=day) | SURE).status_code == 302
        assert Dependant.objects.get(insured=fatima).joined_on == kept


def test_a_child_taken_in_and_one_with_the_other_parent() -> None:
    client, fatima = signed_in(Role.COUNTER_AGENT), enrolled().person
    address = declaring(fatima, "child")
    taken_in = sent(**CHILD, taken_in="on", joined_on="03/04/2021")
    assert client.post(address, taken_in | SURE).status_code == 302
    kept = Dependant.objects.get(insured=fatima)
    assert (kept.taken_in, kept.joined_on) == (True, dt.date(2021, 4, 3))
    named = {"full_name_ar": "سارة", "full_name_latn": "Sara"}
    other = sent(**CHILD, **named, other_parent_insured="on", custody="insured")
    assert client.post(address, other | SURE).status_code == 302
    kept = Dependant.objects.get(insured=fatima, person__full_name_latn="Sara")
    assert (kept.other_parent_insured, kept.custody) == (True, "insured")


@pytest.mark.parametrize(
    ("relation", "wrong", "words"),
    [
        ("spouse", {"joined_on": "un jour"}, "30/11/2026"),
        ("spouse", {"joined_on": "17/05/2060"}, "postérieur"),
        ("child", {**CHILD, "joined_on": "03/04/2021"}, "pris en charge"),
        (
            "child", {**CHILD, "taken_in": "on", "joined_on": "03/04/2018"}, "date de naissance",
        ),
        ("child", {**CHILD, "schooling_until": "30/06/2099"}, "année"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(relation: str, wrong: dict[str, str], words: str) -> None:
    client, fatima = signed_in(Role.COUNTER_AGENT), enrolled().person
    response = client.post(declaring(fatima, relation), sent(**wrong))
    assert words in text_of(response, 422)
    assert 'class="field wrong' in response.content.decode()
    assert not Dependant.objects.filter(insured=fatima).exists()


def test_the_same_child_is_asked_about_and_a_twin_declared_by_the_tick() -> None:
    client, fatima = signed_in(Role.COUNTER_AGENT), enrolled(person(sex="F")).person
    child = {**CHILD, "full_name_latn": "Sara Amzil"}
    client.post(declaring(fatima, "child"), sent(**child) | SURE)
    again = sent(**CHILD, full_name_ar="سارة أمزيل", full_name_latn="")
    asked = text_of(client.post(declaring(fatima, "child"), again), 422)
    assert 'type="checkbox" name="confirmed" value="same_child"' in asked
    answered = again | {"confirmed": "same_child"}
    looked = text_of(client.post(declaring(fatima, "child"), answered))
    assert 'type="hidden" name="confirmed" value="same_child"' in looked
    assert client.post(declaring(fatima, "child"), answered | SURE).status_code == 302
    assert Dependant.objects.filter(insured=fatima).count() == 2


def test_a_family_that_a_merge_told_twice_is_still_shown() -> None:
    one, other = enrolled(person(sex="M")).person, person(sex="M")
    wife = member(one)
    member(other)
    with acting(system(), at=AT):
        Dependant.objects.filter(insured=other).update(person=wife.person)
    merge_persons(one.pk, other.pk, evidence={}, actor=system(), at=AT)
    assert set(Dependant.objects.values_list("state", flat=True)) == {"declared", "doubled"}
    client = signed_in(Role.COUNTER_AGENT)
    for name in ("person_family", "person"):
        assert "Déclaré aussi par le dossier fusionné" in text_of(
            client.get(reverse(name, args=[one.pk]))
        )
