"""A personal link: random, kept as a hash, opened by two answers, locked after five wrong ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from tests.people.conftest import Cast, PersonMaker

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.people.errors import (
    CodeNotWhole,
    CodeTriedTooOften,
    CodeUnknown,
    LinkNeedsCardAndBirth,
)
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person, PersonalLink
from qafila.people.personal_links import (
    MOST_LOOKS,
    VALID_FOR,
    issue_personal_link,
    open_personal_link,
    personal_link_of,
    require_link,
    token_of_code,
    withdraw_personal_link,
)

pytestmark = pytest.mark.django_db
RIGHT = {"card_end": "3456", "birth_year": "1980"}


@pytest.fixture
def fatima(person: PersonMaker) -> Person:
    """Fatima of Settat, whose card and birth date are known."""
    return person("Fatima Alaoui", card_number="W123456", birth_date=dt.date(1980, 5, 1))


def _token(who: Person, cast: Cast, at: dt.datetime) -> str:
    return issue_personal_link(who.pk, actor=cast.youssef, at=at).token


def test_only_the_hash_of_the_token_is_kept(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    issued = issue_personal_link(fatima.pk, actor=cast.youssef, at=at)
    link = PersonalLink.objects.get()
    assert link.token_sha256 == hashlib.sha256(issued.token.encode()).hexdigest()
    assert len(issued.token) >= 32
    assert issued.expires_at == at + VALID_FOR
    assert issued.token not in str(list(JournalEntry.objects.values_list("data", flat=True)))
    assert require_link(issued.token, at=at) == fatima.pk


@pytest.mark.parametrize(
    ("card_end", "birth_year"),
    [("3456", "1980"), ("W123456", " 1980 "), ("٣٤٥٦", "١٩٨٠"), ("34-56", "1980")],
)
def test_the_right_answers_open_it_however_they_are_typed(
    fatima: Person, cast: Cast, at: dt.datetime, card_end: str, birth_year: str
) -> None:
    token = _token(fatima, cast, at)
    opened = open_personal_link(token, card_end=card_end, birth_year=birth_year, at=at)
    assert opened == fatima.pk
    assert PersonalLink.objects.get().last_used_at == at


@pytest.mark.parametrize(
    ("card_end", "birth_year"), [("3456", "1981"), ("9999", "1980"), ("", ""), ("456", "1980")]
)
def test_wrong_answers_do_not(
    fatima: Person, cast: Cast, at: dt.datetime, card_end: str, birth_year: str
) -> None:
    token = _token(fatima, cast, at)
    assert open_personal_link(token, card_end=card_end, birth_year=birth_year, at=at) is None
    assert PersonalLink.objects.get().wrong_tries == 1


def test_five_wrong_answers_lock_it_for_good(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    token = _token(fatima, cast, at)
    for _ in range(5):
        assert open_personal_link(token, card_end="0000", birth_year="1900", at=at) is None
    assert open_personal_link(token, **RIGHT, at=at) is None
    shown = personal_link_of(fatima.pk, on=at, scope=cast.youssef.scope_of(*Role))
    assert shown is not None
    assert shown.locked
    assert JournalEntry.objects.filter(verb="people.link_locked").count() == 1


def test_a_right_answer_forgives_the_wrong_ones(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    token = _token(fatima, cast, at)
    open_personal_link(token, card_end="0000", birth_year="1900", at=at)
    assert open_personal_link(token, **RIGHT, at=at) == fatima.pk
    assert PersonalLink.objects.get().wrong_tries == 0


def test_a_new_link_withdraws_the_old_one(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    old, new = _token(fatima, cast, at), _token(fatima, cast, at)
    assert require_link(new, at=at) == fatima.pk
    with pytest.raises(NotFoundInScope):
        require_link(old, at=at)
    with pytest.raises(NotFoundInScope):
        open_personal_link(old, **RIGHT, at=at)


def test_withdrawn_expired_and_unknown_links_are_not_found(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    token = _token(fatima, cast, at)
    for wrong, moment in ((token, at + VALID_FOR), (token + "x", at), ("", at)):
        with pytest.raises(NotFoundInScope):
            require_link(wrong, at=moment)
    assert withdraw_personal_link(fatima.pk, actor=cast.youssef, at=at)
    assert not withdraw_personal_link(fatima.pk, actor=cast.youssef, at=at)
    with pytest.raises(NotFoundInScope):
        require_link(token, at=at)
    assert personal_link_of(fatima.pk, on=at, scope=cast.youssef.scope_of(*Role)) is None


def test_who_may_issue_and_where(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(NotFoundInScope):
        issue_personal_link(fatima.pk, actor=cast.salma, at=at)
    with pytest.raises(NotFoundInScope):
        personal_link_of(fatima.pk, on=at, scope=cast.salma.scope_of(*Role))
    for act in (issue_personal_link, withdraw_personal_link):
        with pytest.raises(NotAllowed):
            act(fatima.pk, actor=cast.auditor, at=at)  # type: ignore[operator]
    assert not PersonalLink.objects.exists()


@pytest.mark.parametrize("missing", [{"card_number": ""}, {"birth_date": None}])
def test_a_file_without_card_or_birth_gets_no_link(
    person: PersonMaker, cast: Cast, at: dt.datetime, missing: dict[str, None]
) -> None:
    facts = {"card_number": "W123456", "birth_date": dt.date(1980, 5, 1), **missing}
    who = person("Fatima Alaoui", **facts)
    with pytest.raises(LinkNeedsCardAndBirth) as refusal:
        issue_personal_link(who.pk, actor=cast.youssef, at=at)
    assert "Write them in the file first." in refusal.value.sentence()


def test_a_merge_keeps_one_link_and_its_undoing_gives_the_other_back(
    fatima: Person, person: PersonMaker, cast: Cast, system: Actor, at: dt.datetime
) -> None:
    twin = person("Fatima Alaoui", card_number="W123456", birth_date=dt.date(1980, 5, 1))
    hers, other = _token(fatima, cast, at), _token(twin, cast, at)
    merged = merge_persons(fatima.pk, twin.pk, evidence={}, actor=system, at=at)
    assert require_link(hers, at=at) == fatima.pk
    with pytest.raises(NotFoundInScope):
        require_link(other, at=at)
    undo_merge(merged.merge, actor=system, at=at)
    assert require_link(other, at=at) == twin.pk


def code_of(who: Person, cast: Cast, at: dt.datetime) -> str:
    return issue_personal_link(who.pk, actor=cast.youssef, at=at).code


def test_the_code_leads_to_the_same_questions(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    code = code_of(fatima, cast, at)
    token = token_of_code(code, at=at)
    assert require_link(token, at=at) == fatima.pk
    assert open_personal_link(token, card_end="0000", birth_year="1980", at=at) is None
    assert PersonalLink.objects.get().wrong_tries == 1
    assert open_personal_link(token, **RIGHT, at=at) == fatima.pk


def test_of_the_code_a_keyed_digest_alone_is_kept(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    code = code_of(fatima, cast, at)
    digits = code.replace(" ", "")
    kept = PersonalLink.objects.get().code_digest
    assert (len(code), len(digits), len(kept)) == (14, 12, 64)
    assert kept != hashlib.sha256(digits.encode()).hexdigest()
    told = str(list(JournalEntry.objects.values_list("data", flat=True)))
    assert digits not in told
    assert code not in told


def test_the_code_however_it_is_typed(fatima: Person, cast: Cast, at: dt.datetime) -> None:
    code = code_of(fatima, cast, at)
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    for typed in (
        code.replace(" ", ""), code.replace(" ", "-"), f" {code}\u200f ", code.translate(arabic),
        code.translate(persian), code.replace(" ", " – "),
    ):  # fmt: skip
        assert require_link(token_of_code(typed, at=at), at=at) == fatima.pk, typed


def test_a_mistyped_digit_is_said_and_no_look_is_counted(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    digits = code_of(fatima, cast, at).replace(" ", "")
    wrong = str((int(digits[5]) + 1) % 10)
    for typed in (digits[:5] + wrong + digits[6:], digits[:-1], digits + "1", "", "abcd", "½" * 12):
        for _ in range(12):
            with pytest.raises(CodeNotWhole):
                token_of_code(typed, at=at)
    assert token_of_code(digits, at=at)


def test_a_code_that_is_over_opens_nothing_at_once(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    code = code_of(fatima, cast, at)
    token = token_of_code(code, at=at)
    withdraw_personal_link(fatima.pk, actor=cast.youssef, at=at)
    with pytest.raises(CodeUnknown):
        token_of_code(code, at=at)
    with pytest.raises(NotFoundInScope):
        require_link(token, at=at)
    again = code_of(fatima, cast, at)
    assert again != code
    with pytest.raises(CodeUnknown):
        token_of_code(again, at=at + VALID_FOR)


def test_what_a_code_opens_holds_half_an_hour_and_cannot_be_forged(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    token = token_of_code(code_of(fatima, cast, at), at=at)
    with pytest.raises(NotFoundInScope):
        require_link(token, at=at + dt.timedelta(minutes=31))
    head, dot, sign = token.rpartition(".")
    for forged in (f"{head}9{dot}{sign}", "code.1-1.x", "code.", "code.x.y"):
        with pytest.raises(NotFoundInScope):
            require_link(forged, at=at)


def test_one_code_is_looked_up_few_times_an_hour(
    fatima: Person, cast: Cast, at: dt.datetime
) -> None:
    code = code_of(fatima, cast, at)
    for _ in range(MOST_LOOKS):
        token_of_code(code, at=at)
    with pytest.raises(CodeTriedTooOften):
        token_of_code(code, at=at)


def test_a_code_outlives_a_change_of_the_secret_key(
    fatima: Person, cast: Cast, at: dt.datetime, settings: Any
) -> None:
    code = code_of(fatima, cast, at)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of at least fifty characters, for this test alone"
    assert require_link(token_of_code(code, at=at), at=at) == fatima.pk
