"""The file of one person: the timeline, why not yet, the next step, and who may see it."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.accompaniment.factories import ON, applying, called, covered, refresh, with_family
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, listed, person, places, system

from qafila.accompaniment.contacts import record_contact
from qafila.accompaniment.errors import NoteNeeded, UnknownChannel
from qafila.accompaniment.history import history_of
from qafila.accompaniment.models import Progress
from qafila.accompaniment.queries import file_of
from qafila.accompaniment.steps import STEPS
from qafila.enrolment.family.family import state_no_family
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people.access import get_person
from qafila.people.models import Identifier, Person, Phone
from qafila.register.actions import load_trades, open_application

pytestmark = pytest.mark.django_db
AGADIR = Scope(province_codes=frozenset({"09.001"}))


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def known_by_everyone() -> Person:
    """Fatima after the whole chain: lists, register, fund, family, payments, rights."""
    fatima = covered()
    listed(
        fatima, "field_sheet", full_name="فاطمة أيت لحسن", notes="متزوج", trade_text="الدراز",
        place_text="أكادير",
    )  # fmt: skip
    listed(fatima, "register", register_number="100000", family_name="AIT LAHCEN",
           given_name="Fatima", sheet="Feuil1")  # fmt: skip
    with_family(fatima)
    with acting(system(), at=AT):
        Identifier.objects.create(person=fatima, kind="fund", value="123456789")
        Phone.objects.create(person=fatima, number="+212600000000")
    refresh()
    return fatima


def test_the_timeline_of_someone_covered() -> None:
    fatima = known_by_everyone()
    shown = file_of(fatima.pk, scope=AGADIR)
    assert [step.code for step in shown.timeline] == list(STEPS)
    assert all(step.done for step in shown.timeline)
    dates = {step.code: step.on for step in shown.timeline}
    assert dates["enrolled"] == dt.date(2026, 1, 1)
    assert dates["paying"] == dt.date(2026, 10, 28)
    assert dates["rights_open"] == ON.replace(day=1)
    assert (shown.reason, shown.next_step, shown.rights) == ("covered", "nothing", "open")
    assert shown.names.ar == "فاطمة أيت لحسن"
    assert shown.place.province_fr == "Province 09.001"
    assert shown.identifiers == (("fund", "123456789"),)
    assert shown.phones == ("+212600000000",)
    proofs = {step.code: (step.on, step.detail) for step in shown.timeline}
    sheet = fatima.list_rows.get(list_import__source="field_sheet").list_import
    assert proofs["reached"] == (ON, sheet.file_name)
    assert proofs["identified"][0] == ON
    assert [member.state for member in shown.dependants] == ["declared"]
    assert shown.enrolments[0].fund_number == next(
        step.detail for step in shown.timeline if step.code == "enrolled"
    )


def test_someone_only_on_a_list_has_one_step_and_a_reason() -> None:
    fatima = applying(missing=("card_number", "trade"), without_card=True)
    listed(fatima, "chamber")
    refresh()
    shown = file_of(fatima.pk, scope=AGADIR)
    assert [step.done for step in shown.timeline] == [True, *[False] * 6]
    assert {step.on for step in shown.timeline[1:]} == {None}
    assert shown.reason == "no_card_number"
    assert shown.reason_sentence == "The national identity card number is missing."
    assert shown.next_sentence.endswith("who writes the number.")
    assert shown.applications[0].missing == ("card_number", "trade")
    assert "the trade" in shown.applications[0].missing_names


def test_arrears_are_told_with_months_and_amount() -> None:
    enrolment = enrolled()
    called(enrolment, dt.date(2026, 8, 1))
    called(enrolment, dt.date(2026, 9, 1))
    refresh()
    sentence = file_of(enrolment.person_id, scope=AGADIR).reason_sentence
    assert sentence.startswith("2 months are unpaid: 327")
    assert sentence.endswith("04 dirhams.")


def test_before_the_standing_is_worked_out_the_file_says_so() -> None:
    shown = file_of(person().pk, scope=AGADIR)
    assert shown.reason == ""
    assert "is not computed yet" in shown.reason_sentence
    assert [step.done for step in shown.timeline] == [True, *[False] * 6]


def test_four_statements_however_much_there_is() -> None:
    fatima = known_by_everyone()
    load_trades(actor=system(), at=AT)
    driss = agent(Role.COUNTER_AGENT, provinces=("09.001",))
    for _ in range(10):
        listed(fatima, "chamber")
        with_family(fatima, "declared", "child")
        record_contact(person_id=fatima.pk, channel="phone", note="Called.", actor=driss, at=AT)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        file_of(fatima.pk, scope=AGADIR)
    assert len(seen) == 4


@pytest.mark.parametrize("read", [file_of, partial(history_of, today=ON)])
def test_a_loaded_person_of_elsewhere_opens_nothing(read: Any) -> None:
    here = get_person(person().pk, scope=AGADIR)
    elsewhere = Scope(province_codes=frozenset({"06.141"}))
    with pytest.raises(NotFoundInScope):
        read(here.id, scope=elsewhere)
    other = person()
    for number, scope in ((here.id, elsewhere), (other.pk, elsewhere)):
        with pytest.raises(NotFoundInScope):
            read(number, scope=scope, person=here)


def test_a_merged_file_leads_to_the_one_that_was_kept() -> None:
    kept, absorbed = person(), person()
    with acting(system(), at=AT):
        Person.objects.filter(pk=absorbed.pk).update(state="merged", merged_into=kept)
    shown = file_of(absorbed.pk, scope=AGADIR)
    assert (shown.person_id, shown.asked_for) == (kept.pk, absorbed.pk)


@pytest.mark.parametrize("scope", [NOWHERE, Scope(province_codes=frozenset({"06.141"}))])
def test_elsewhere_there_is_no_file(scope: Scope) -> None:
    with pytest.raises(NotFoundInScope):
        file_of(person().pk, scope=scope)


def test_nobody_and_people_without_place() -> None:
    with pytest.raises(NotFoundInScope):
        file_of(0, scope=WHOLE_COUNTRY)
    nowhere = person(province=None)
    with pytest.raises(NotFoundInScope):
        file_of(nowhere.pk, scope=AGADIR)
    assert file_of(nowhere.pk, scope=WHOLE_COUNTRY).place.province_fr == ""


def test_a_contact_makes_a_person_reached() -> None:
    fatima = person()
    youssef = agent(Role.FIELD_AGENT, provinces=("09.001",))
    command = uuid.uuid4()
    for _ in range(2):
        record_contact(
            person_id=fatima.pk, channel="visit", note="Met at the souk.", actor=youssef, at=AT,
            command_id=command,
        )  # fmt: skip
    assert Progress.objects.get(person=fatima).reached
    shown = file_of(fatima.pk, scope=AGADIR)
    assert (shown.timeline[1].done, shown.timeline[1].on) == (True, ON)
    [line] = history_of(fatima.pk, today=ON, scope=AGADIR).happened
    assert line.names[0] == youssef.name
    assert "Met at the souk." in line.sentence
    assert JournalEntry.objects.filter(person_id=fatima.pk).count() == 1


def test_contacts_that_cannot_be_are_refused() -> None:
    fatima = person()

    def contact(actor: Any, channel: str = "phone", note: str = "Called.") -> None:
        record_contact(person_id=fatima.pk, channel=channel, note=note, actor=actor, at=AT)

    here = agent(Role.COUNTER_AGENT, provinces=("09.001",))
    with pytest.raises(UnknownChannel):
        contact(here, channel="pigeon")
    with pytest.raises(NoteNeeded):
        contact(here, note=" ")
    with pytest.raises(NotAllowed):
        contact(agent(Role.AUDITOR, national=True))
    with pytest.raises(NotFoundInScope):
        contact(agent(Role.COUNTER_AGENT, provinces=("06.141",)))


def test_what_staff_do_shows_in_the_journal_as_sentences() -> None:
    load_trades(actor=system(), at=AT)
    driss = agent(Role.COUNTER_AGENT, provinces=("09.001",))
    fatima = person()
    open_application(person_id=fatima.pk, trade_text="الدراز", actor=driss, at=AT)
    insured = enrolled().person
    state_no_family(insured_id=insured.pk, actor=driss, at=AT)
    for who in (fatima, insured):
        line = history_of(who.pk, today=ON, scope=AGADIR).happened[0]
        assert line.sentence.endswith(".")
        assert "%" not in line.sentence
