"""Law 09-08: treatments of every model, consents, the person's own data, erasure with proof."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from tests.contributions.factories import in_arrears
from tests.register.factories import AT, agent, listed, person, places, system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.institutions.models import Account
from qafila.people import errors
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Consent, Erasure, Identifier, Person, PersonalLink, Phone
from qafila.people.personal_links import issue_personal_link
from qafila.people.privacy.consents import PURPOSES, consenting, consents_of, note_consent
from qafila.people.privacy.erasing import (
    ask_erasure,
    erase_person,
    erasures_of,
    refuse_erasure,
    what_erasing_does,
)
from qafila.people.privacy.own_data import as_json, data_of
from qafila.people.privacy.treatments import TITLES, treatment_of, treatments
from qafila.people.queries import search_people

pytestmark = pytest.mark.django_db

# Fields that say something of somebody, whatever they hang on.
_TELLING = {"person_id", "persons", "full_name", "name_latn", "email", "address", "card_number"}


@pytest.fixture(autouse=True)
def _places() -> None:
    places()


def _personal_models() -> set[str]:
    """Models that hang on a person or an account, at whatever depth, or tell of one themselves."""
    ours = [one for one in apps.get_models() if one.__module__.startswith("qafila.")]
    found = {Person, Account}
    found |= {one for one in ours if _TELLING & {field.name for field in one._meta.concrete_fields}}
    while more := {one for one in ours if one not in found and found & _targets(one)}:
        found |= more
    return {one._meta.label for one in found}


def _targets(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def test_every_model_of_people_names_its_purpose_and_how_long_it_is_kept() -> None:
    told = [label for one in treatments() for label in one.models]
    assert len(told) == len(set(told))
    owing = _personal_models() - set(told)
    assert not owing, f"{owing}: add them to a treatment in people/privacy/treatments.yaml."
    gone = [label for label in told if not _exists(label)]
    assert not gone, f"{gone} are no models any more."
    assert treatment_of("people.Person").code == "identity"


def _exists(label: str) -> bool:
    try:
        return bool(apps.get_model(label))
    except LookupError:
        return False


def test_each_treatment_has_a_ground_and_a_dated_period_or_says_its_doubt() -> None:
    assert {one.code for one in treatments()} == set(TITLES)
    for one in treatments():
        assert one.purpose.endswith("."), one.code
        assert all((one.basis, one.people, one.recipients)), one.code
        for period in one.retentions:
            assert period.years >= 0
            assert period.reason, one.code
        assert one.retention_on(dt.date(2020, 1, 1)) == one.retentions[0]


def clerk() -> Actor:
    return agent(Role.COUNTER_AGENT, provinces=("09.001",))


def chamber() -> Actor:
    return agent(Role.CHAMBER_STAFF, provinces=("09.001",))


def test_consent_is_given_withdrawn_and_given_again_with_who_took_it() -> None:
    fatima, youssef = person(), clerk()

    def note(given: bool) -> bool:
        return note_consent(fatima.pk, purpose="messages", given=given, actor=youssef, at=AT)

    assert not note(False)
    assert note(True)
    assert not note(True)
    [messages, sharing] = consents_of(fatima.pk, scope=WHOLE_COUNTRY)
    assert (messages.given_at, messages.taken_by, sharing.given) == (AT, youssef.name, False)
    assert consenting([fatima.pk, 10**9], "messages", scope=WHOLE_COUNTRY) == {fatima.pk}
    assert consenting([fatima.pk], "sharing", scope=WHOLE_COUNTRY) == set()
    assert note(False)
    assert consenting([fatima.pk], "messages", scope=WHOLE_COUNTRY) == set()
    assert note(True)
    assert Consent.objects.filter(person=fatima).count() == 2
    verbs = JournalEntry.objects.filter(person_id=fatima.pk).order_by("pk")
    told = [one.verb.partition("consent_")[2] for one in verbs]
    assert told == ["given", "withdrawn", "given"]


def test_what_consent_refuses() -> None:
    fatima, who = person(), {"purpose": "messages", "given": True, "at": AT}
    with pytest.raises(errors.PurposeUnknown):
        note_consent(fatima.pk, purpose="x", given=True, actor=clerk(), at=AT)
    with pytest.raises(NotAllowed):
        note_consent(fatima.pk, actor=agent(Role.AUDITOR, national=True), **who)  # type: ignore[arg-type]
    elsewhere = agent(Role.COUNTER_AGENT, provinces=("06.141",))
    with pytest.raises(NotFoundInScope):
        note_consent(fatima.pk, actor=elsewhere, **who)  # type: ignore[arg-type]
    assert set(PURPOSES) == set(Consent.Purpose.values)


def test_the_persons_data_as_a_file_without_secrets(django_assert_max_num_queries: Any) -> None:
    enrolment = in_arrears(2)
    fatima = enrolment.person
    issue_personal_link(fatima.pk, actor=agent(Role.FUND_LIAISON, national=True), at=AT)
    with django_assert_max_num_queries(45):
        found = data_of(fatima.pk, scope=WHOLE_COUNTRY)
    document = json.loads(as_json(found, person_id=fatima.pk, at=AT))
    kinds = {one["kind"] for one in document["data"]}
    assert {"people.Person", "people.PersonalLink", "enrolment.Enrolment"} <= kinds
    assert not kinds & {"foundation.JournalEntry", "foundation.AccessLogEntry"}
    assert fatima.full_name_ar in as_json(found, person_id=fatima.pk, at=AT)
    link = PersonalLink.objects.get()
    for secret in (link.token_sha256, link.code_digest):
        assert secret not in json.dumps(document)
    with pytest.raises(NotFoundInScope):
        data_of(fatima.pk, scope=Scope(province_codes=frozenset({"06.141"})))


def _asked(person_id: int) -> Actor:
    asking = chamber()
    ask_erasure(person_id, reason="Letter of 20/11/2026.", actor=asking, at=AT)
    return asking


def test_where_nothing_has_to_be_kept_nobody_is_left_to_be_found() -> None:
    fatima = person(full_name_latn="Fatima Idrissi")
    listed(fatima, "chamber", full_name="Fatima Idrissi", cells=["Fatima Idrissi", "0612345678"])
    change = Correction("Fatima Idrissi", "Fatima Zahra Idrissi")
    correct_person(fatima.pk, changes={"full_name_latn": change}, actor=clerk(), at=AT)
    assert what_erasing_does(fatima.pk, scope=WHOLE_COUNTRY).whole
    _asked(fatima.pk)
    proof = erase_person(fatima.pk, actor=chamber(), at=AT)
    assert proof["kept"] == {}
    assert proof["erased"]["people_person"] == 1
    assert proof["erased"]["lists_row"] == 1
    fatima.refresh_from_db()
    assert fatima.state == "erased"
    assert fatima.province_id == "09.001"
    for model in (Phone, Identifier):
        assert not model.objects.filter(person=fatima).exists()  # type: ignore[attr-defined]
    everything = as_json(data_of(fatima.pk, scope=WHOLE_COUNTRY), person_id=fatima.pk, at=AT)
    told = str(list(JournalEntry.objects.values_list("data", flat=True)))
    for text in ("Fatima Idrissi", "Fatima Zahra Idrissi", "0612345678"):
        assert text not in everything
        assert text not in told
    assert not search_people("Fatima Zahra Idrissi", scope=WHOLE_COUNTRY).hits
    bring_up_to_date(EVERYONE, actor=system(), at=AT)
    with pytest.raises(errors.FileErased):
        note_consent(fatima.pk, purpose="messages", given=True, actor=clerk(), at=AT)
    [shown] = erasures_of(fatima.pk, scope=WHOLE_COUNTRY)
    assert (shown.state, shown.proof) == ("done", proof)


def test_what_the_law_keeps_stays_with_its_name_and_is_said() -> None:
    enrolment = in_arrears(2)
    fatima = enrolment.person
    note_consent(
        fatima.pk, purpose="sharing", given=True, actor=agent(Role.PROGRAMME_LEAD, national=True),
        at=AT,
    )  # fmt: skip
    does = what_erasing_does(fatima.pk, scope=WHOLE_COUNTRY)
    assert not does.whole
    assert {"enrolment", "rights"} <= does.kept.keys()
    lead = [agent(Role.PROGRAMME_LEAD, national=True) for _ in range(2)]
    ask_erasure(fatima.pk, reason="By telephone, 20/11.", actor=lead[0], at=AT)
    name, card = fatima.full_name_ar, fatima.card_number
    proof = erase_person(fatima.pk, actor=lead[1], at=AT)
    fatima.refresh_from_db()
    assert (fatima.full_name_ar, fatima.card_number, fatima.state) == (name, card, "active")
    assert proof["kept"] == does.kept
    assert proof["erased"]["people_consent"] == 1
    assert not Phone.objects.filter(person=fatima).exists()
    [entry] = JournalEntry.objects.filter(verb="people.person_erased")
    assert entry.data["kept"] == sum(does.kept.values())


def test_two_colleagues_decide_and_only_once() -> None:
    fatima = person()
    with pytest.raises(errors.ErasureUnknown):
        erase_person(fatima.pk, actor=chamber(), at=AT)
    with pytest.raises(errors.ErasureReasonMissing):
        ask_erasure(fatima.pk, reason=" ", actor=chamber(), at=AT)
    asking = _asked(fatima.pk)
    with pytest.raises(errors.ErasureAsked):
        ask_erasure(fatima.pk, reason="Again.", actor=chamber(), at=AT)
    with pytest.raises(errors.ErasureOwn):
        erase_person(fatima.pk, actor=asking, at=AT)
    with pytest.raises(NotAllowed):
        erase_person(fatima.pk, actor=clerk(), at=AT)
    refuse_erasure(fatima.pk, actor=chamber(), at=AT)
    with pytest.raises(errors.ErasureUnknown):
        erase_person(fatima.pk, actor=chamber(), at=AT)
    assert Person.objects.get(pk=fatima.pk).state == "active"
    assert Erasure.objects.get().state == "refused"


def test_a_file_that_holds_merges_is_taken_apart_first() -> None:
    kept, gone = person(), person()
    merge_persons(kept.pk, gone.pk, evidence={}, actor=system(), at=AT)
    with pytest.raises(errors.MergesStand):
        ask_erasure(kept.pk, reason="Letter.", actor=chamber(), at=AT)
