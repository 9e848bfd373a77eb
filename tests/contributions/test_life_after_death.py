"""A death: the register closed, money paid ahead for the heirs, the family told its cover."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.books import require_agreement
from tests.contributions.factories import NOVEMBER, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, agent, places, system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.errors import RefundNotPossible
from qafila.contributions.models.calls_and_ledger import Call
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.refunds.refunds import approve_refund, ask_refund, credit_of
from qafila.enrolment.changes import close_enrolment
from qafila.enrolment.errors import PersonDied
from qafila.enrolment.family.life_events import (
    LifeEventMoved,
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting
from qafila.people.proofs import prove_people
from qafila.register.actions import open_application
from qafila.register.models import Entry
from qafila.rights.after_death import after_death_text, cover_after_death

pytestmark = pytest.mark.django_db
OCTOBER, DIED = dt.date(2026, 10, 1), dt.date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def insured() -> Enrolment:
    return enrolled(
        registered(), reported_on=dt.date(2026, 11, 1), effective_from=dt.date(2025, 1, 1)
    )


def die(who: Enrolment, on: dt.date = DIED) -> LifeEventMoved:
    event = NewEvent("death", on, document="Act of death 5/2026")
    return tell_life_event(insured_id=who.person_id, event=event, actor=system(), at=AT)


def ask(who: Enrolment, **told: Any) -> int:
    facts: dict[str, Any] = {"amount_centimes": 1000, "reason": "Death.", **told}
    liaison = agent(Role.FUND_LIAISON, national=True)
    return ask_refund(who.person_id, actor=liaison, at=AT, **facts).refund_id


def test_money_paid_ahead_goes_to_the_heirs_by_their_deed() -> None:
    fatima = insured()
    pay(fatima, 20_000)
    with pytest.raises(RefundNotPossible) as refused:
        ask(fatima, heir="Sara Ait Lahcen", heir_document="Deed 7")
    assert refused.value.params["problem"] == "alive"
    die(fatima)
    for told in ({}, {"heir": "Sara Ait Lahcen"}, {"heir_document": "Deed 7"}):
        with pytest.raises(RefundNotPossible) as refused:
            ask(fatima, **told)
        assert refused.value.params["problem"] == "heirs"
        assert refused.value.sentence().endswith(".")
    refund = ask(fatima, heir=" Sara  Ait Lahcen", heir_document="Deed 7")
    approve_refund(refund, actor=agent(Role.FUND_LIAISON, national=True), at=AT)
    row = Refund.objects.get()
    assert (row.heir, row.heir_document) == ("Sara Ait Lahcen", "Deed 7")
    assert credit_of(fatima.person_id, scope=WHOLE_COUNTRY) == 19_000
    require_agreement()


def test_the_entry_in_the_register_ends_with_the_death_and_holds_again() -> None:
    fatima = insured()
    told = die(fatima)
    entry = Entry.objects.get()
    assert (entry.state, entry.struck_off_on) == ("struck_off", max(DIED, entry.entered_on))
    with pytest.raises(PersonDied):
        open_application(person_id=fatima.person_id, actor=system(), at=AT)
    assert not [one for one in prove_people() if one.count]
    take_back_life_event(
        insured_id=fatima.person_id, event_id=told.event_id, reason="Not she.",
        actor=system(), at=AT,
    )  # fmt: skip
    entry.refresh_from_db()
    assert (entry.state, entry.struck_off_on) == ("active", None)
    assert Enrolment.objects.get().state == "enrolled"


def test_an_entry_made_anew_meanwhile_is_not_doubled() -> None:
    fatima = insured()
    told = die(fatima)
    registered_again = Entry(
        person=fatima.person, register_number="X1", entered_on=AT.date(), state="active"
    )
    with acting(system(), at=AT):
        registered_again.save()
    take_back_life_event(
        insured_id=fatima.person_id, event_id=told.event_id, reason="Not she.",
        actor=system(), at=AT,
    )  # fmt: skip
    assert Entry.objects.filter(state="active").count() == 1


def test_the_family_is_told_its_last_day_of_cover() -> None:
    fatima = insured()
    member(fatima.person)
    pay(fatima, 20_000)
    bring_up_to_date(EVERYONE, actor=system(), at=AT)
    scope = WHOLE_COUNTRY
    assert cover_after_death(fatima.person_id, scope=scope) is None
    die(fatima)
    found = cover_after_death(fatima.person_id, scope=scope)
    assert found is not None
    assert (found.died_on, found.last_day, found.members) == (DIED, dt.date(2028, 11, 1), 1)
    assert "2028-11-01" in found.sentence
    assert "200" in found.sentence


GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


@pytest.mark.parametrize("covered", [True, False])
def test_the_message_after_a_death_fits_and_names_nobody(covered: bool) -> None:
    fatima = insured()
    if covered:
        member(fatima.person)
    pay(fatima, 20_000)
    bring_up_to_date(EVERYONE, actor=system(), at=AT)
    told: dict[str, Any] = {"scope": WHOLE_COUNTRY}
    assert after_death_text(fatima.person_id, language="fr", **told) == ""
    die(fatima)
    texts = {
        language: after_death_text(fatima.person_id, language=language, **told)
        for language in ("ar", "fr", "zgh")
    }
    assert len(texts["fr"]) <= 160
    assert set(texts["fr"]) <= GSM
    assert max(len(texts["ar"]), len(texts["zgh"])) <= 134
    for text in texts.values():
        assert ("01/11/2028" in text) is covered
        assert fatima.person.full_name_latn not in text
    with pytest.raises(NotFoundInScope):
        after_death_text(fatima.person_id, language="fr", scope=Scope())


def test_money_freed_by_a_cessation_settles_the_months_before() -> None:
    fatima = enrolled(
        registered(), effective_from=dt.date(2024, 1, 1), reported_on=dt.date(2026, 10, 1),
        months_unpaid_reported=1,
    )  # fmt: skip
    for month in (OCTOBER, NOVEMBER):
        run(month)
    open_reported_arrears(OCTOBER, actor=system(), at=AT)
    pay(fatima, 2 * 16_352)
    owing = Call.objects.filter(settled_on=None)
    assert owing.count() == 1
    close_enrolment(
        enrolment_id=fatima.pk, from_month=OCTOBER, reason="Stopped.", actor=system(), at=AT
    )
    post_corrections(actor=system(), at=AT)
    assert not Call.objects.filter(month__lt=OCTOBER, settled_on=None).exists()
    require_agreement()
