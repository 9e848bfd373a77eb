"""Claims as they are told: on paper, in a message, in the queue, in words."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.api.factories import insured
from tests.care.factories import AT, CARE_DAY, claim, system

from qafila.care.claims.claim_pages import claim_told, claims_by_state, claims_waiting
from qafila.care.claims.claim_statement import claim_text, claims_statement_pdf
from qafila.care.claims.queries import statement_of
from qafila.care.claims.time_limits import time_left
from qafila.care.models import Claim
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotFoundInScope

pytestmark = pytest.mark.django_db


def test_the_statement_tells_each_claim_in_words() -> None:
    person = insured()
    for number, state in enumerate(Claim.State.values):
        claim(state, insured=person, care_on=CARE_DAY - dt.timedelta(days=number))
    lines = statement_of(person.pk, scope=WHOLE_COUNTRY)
    assert [line.state for line in lines] == Claim.State.values
    assert len({line.sentence for line in lines}) == len(lines)
    assert "105.00 DH" in next(line.sentence for line in lines if line.state == "paid")
    with pytest.raises(NotFoundInScope):
        statement_of(person.pk, scope=Scope())


def test_an_assessment_that_gives_nothing_says_so() -> None:
    one = claim("assessed", finding="rights_not_open", reimbursed_centimes=0)
    [line] = statement_of(one.insured_id, scope=WHOLE_COUNTRY)
    assert line.sentence.startswith("Assessed: nothing can come back to you. The rights")
    assert "0,00" not in claim_text(one.pk, language="fr", scope=WHOLE_COUNTRY)
    told = claim_told(one.pk, actor=system(), today=AT.date())
    assert "pay_claim" not in told.verbs
    assert "refuse_claim" in told.verbs


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_statement_on_paper(language: str) -> None:
    person = insured()
    assert claims_statement_pdf(person.pk, language=language, scope=WHOLE_COUNTRY, at=AT)
    for number, state in enumerate(Claim.State.values):
        claim(state, insured=person, care_on=CARE_DAY - dt.timedelta(days=number))
    told = {"language": language, "at": AT}
    drawn = claims_statement_pdf(person.pk, scope=WHOLE_COUNTRY, **told)
    assert drawn.startswith(b"%PDF")
    assert drawn == claims_statement_pdf(person.pk, scope=WHOLE_COUNTRY, **told)
    with pytest.raises(NotFoundInScope):
        claims_statement_pdf(person.pk, scope=Scope(), **told)


GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.mark.parametrize("state", Claim.State.values)
def test_a_text_message_fits_and_says_nothing_private(state: str) -> None:
    one = claim(state, pk=123_456_789_012, reimbursed_centimes=1_234_567_89)
    told = {
        language: claim_text(one.pk, language=language, scope=WHOLE_COUNTRY)
        for language in ("ar", "fr", "zgh")
    }
    assert len(told["fr"]) <= 160
    assert set(told["fr"]) <= GSM
    assert max(len(told["ar"]), len(told["zgh"])) <= 134
    for text in told.values():
        assert "123456789012" in text
        assert "prescription" not in text
    with pytest.raises(NotFoundInScope):
        claim_text(one.pk, language="fr", scope=Scope())


def test_the_queue_tells_what_waits_and_how_long() -> None:
    late = claim("declared", care_on=CARE_DAY - dt.timedelta(days=90))
    soon, paid = claim("declared"), claim("paid")
    rows = claims_waiting(scope=WHOLE_COUNTRY, state="declared", today=AT.date())
    assert [row.line.claim_id for row in rows] == [late.pk, soon.pk]
    left = [row.time_left for row in rows]
    assert [one.sentence for one in left if one] == ["Late by 49 days.", "41 days left."]
    assert [one.pressing for one in left if one] == [True, False]
    counts = {"declared": 2, "received": 0, "assessed": 0, "appealed": 0}
    assert claims_by_state(scope=WHOLE_COUNTRY) == counts
    assert claims_waiting(scope=Scope(), state="paid", today=AT.date()) == []
    page = claims_waiting(scope=WHOLE_COUNTRY, state="declared", today=AT.date(), first=1, limit=1)
    assert [row.line.claim_id for row in page] == [soon.pk]
    assert claim_told(paid.pk, actor=system(), today=AT.date()).row.time_left is None


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(0, "Today is the last day."), (1, "1 day left."), (44, "44 days left."),
     (60, "60 days left."), (61, "2 months left."), (91, "2 months left."), (-1, "Late by 1 day.")],
)  # fmt: skip
def test_the_time_left_in_words(days: int, sentence: str) -> None:
    assert time_left(AT.date() + dt.timedelta(days=days), AT.date()).sentence == sentence


@pytest.mark.parametrize(
    ("role", "state", "verbs"),
    [
        (Role.COUNTER_AGENT, "declared", {"receive_claim", "withdraw_claim"}),
        (Role.COUNTER_AGENT, "refused", {"appeal_claim"}),
        (Role.FUND_LIAISON, "received", {"assess_claim", "refuse_claim", "withdraw_claim"}),
        (Role.FUND_LIAISON, "paid", {"undo_decision"}),
        (Role.AUDITOR, "received", set()),
    ],
)
def test_a_claim_tells_what_can_be_done(role: Role, state: str, verbs: set[str]) -> None:
    one = claim(state)
    actor = Actor.holding(system().id, "A", {role}, WHOLE_COUNTRY)
    told = claim_told(one.pk, actor=actor, today=AT.date())
    assert set(told.verbs) == verbs
    assert told.estimate is not None
    assert told.estimate.reimbursed_centimes == 10_500
    with pytest.raises(NotFoundInScope):
        claim_told(one.pk, actor=Actor.holding(1, "A", {role}, Scope()), today=AT.date())


def test_a_claim_whose_act_has_no_tariff_any_more_says_so() -> None:
    one = claim("received", act_code="GONE")
    told = claim_told(one.pk, actor=system(), today=AT.date())
    assert told.estimate is None
    assert "no reference tariff" in told.refusal
