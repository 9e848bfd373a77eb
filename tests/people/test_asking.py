"""Files of other territories: nothing is shown before they are granted; every probe is counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.people.conftest import AGADIR, Cast, PersonMaker

from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import AccessLogEntry, JournalEntry
from qafila.people import errors
from qafila.people.asking import asking, probes
from qafila.people.asking.requests import is_granted, own_requests, waiting_requests
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.models import AccessRequest, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(person: PersonMaker) -> Person:
    """Somebody of Agadir, whom Settat does not see."""
    return person("Fatima Alaoui", card_number="JA123456", phones=("+212612345678",),
                  province=AGADIR)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("JA123456", True),
        ("06 12 34 56 78", True),
        ("JA1", False),
        ("Fatima", False),
        ("JA123456 BK123457", False),
        ("0612345678 0612345679", False),
        ("JA123456 0612345678", True),
    ],
)
def test_only_a_whole_number_is_looked_for(text: str, full: bool) -> None:
    assert asking.is_full_number(text) is full


def test_a_number_is_asked_for_and_the_file_opened_for_a_while(
    away: Person, cast: Cast, at: dt.datetime
) -> None:
    [one] = asking.ask_access("ja 123456", reason="He moved here.", actor=cast.youssef, at=at)
    with pytest.raises(errors.AccessAskedBefore):
        asking.ask_access("0612345678", reason="Again.", actor=cast.youssef, at=at)
    salmas = cast.salma.scope_of(*cast.salma.roles)
    [told] = waiting_requests(scope=salmas, at=at)
    assert (told.request_id, told.asked_by_name, told.reason) == (one, "Youssef", "He moved here.")
    assert not waiting_requests(scope=cast.youssef.scope_of(*cast.youssef.roles), at=at)
    with pytest.raises(NotFoundInScope):
        asking.answer_request(one, granted=True, actor=cast.youssef, at=at)
    asking.answer_request(one, granted=True, actor=cast.salma, at=at)
    last = at.date() + asking.LASTS
    assert is_granted(away.pk, actor=cast.youssef, on=last)
    assert not is_granted(away.pk, actor=cast.youssef, on=last + dt.timedelta(days=1))
    asking.undo_answer(one, actor=cast.salma, at=at)
    assert not is_granted(away.pk, actor=cast.youssef, on=at.date())
    with pytest.raises(errors.AccessReasonNeeded):
        asking.answer_request(one, granted=False, actor=cast.salma, at=at)
    asking.answer_request(one, granted=False, reason="Not him.", actor=cast.salma, at=at)
    [mine] = own_requests(actor=cast.youssef, at=at)
    assert (mine.state, mine.answer) == ("refused", "Not him.")
    verbs = JournalEntry.objects.filter(person_id=away.pk).order_by("pk")
    assert [entry.verb.partition(".")[2] for entry in verbs] == [
        "access_asked", "access_granted", "access_answer_undone", "access_refused",
    ]  # fmt: skip


def test_a_shared_telephone_asks_for_the_files_not_asked_for_yet(
    away: Person, person: PersonMaker, cast: Cast, at: dt.datetime
) -> None:
    son = person("Omar Alaoui", phones=("+212612345678",), province=AGADIR)
    asking.ask_access("JA123456", reason="She moved here.", actor=cast.youssef, at=at)
    [more] = asking.ask_access("0612345678", reason="So did he.", actor=cast.youssef, at=at)
    assert AccessRequest.objects.get(pk=more).person_id == son.pk
    with pytest.raises(errors.AccessAskedBefore):
        asking.ask_access("0612345678", reason="Again.", actor=cast.youssef, at=at)


def test_a_request_ends_by_itself_and_may_be_taken_back(
    away: Person, cast: Cast, at: dt.datetime
) -> None:
    [one] = asking.ask_access("JA123456", reason="Moved.", actor=cast.youssef, at=at)
    late = at + asking.LASTS
    assert not waiting_requests(scope=cast.salma.scope_of(*cast.salma.roles), at=late)
    with pytest.raises(errors.RequestAnswered):
        asking.answer_request(one, granted=True, actor=cast.salma, at=late)
    with pytest.raises(NotFoundInScope):
        asking.withdraw_request(one, actor=cast.salma, at=at)
    asking.withdraw_request(one, actor=cast.youssef, at=at)
    with pytest.raises(errors.RequestAnswered):
        asking.answer_request(one, granted=True, actor=cast.salma, at=at)


def test_each_probe_leaves_its_trace_and_many_are_refused(
    away: Person, cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "PROBES_AN_HOUR", 2)
    asks = {"actor": cast.youssef}
    assert not asking.known_elsewhere("JA999999", at=at, **asks)
    assert asking.known_elsewhere("JA123456", at=at + dt.timedelta(seconds=1), **asks)
    with pytest.raises(errors.TooManyProbes):
        asking.known_elsewhere("JA123457", at=at, **asks)
    with pytest.raises(NotAllowed):
        asking.known_elsewhere("JA123457", actor=cast.auditor, at=at)
    left = AccessLogEntry.objects.filter(place=probes.PROBING).order_by("pk")
    assert [entry.asked.split()[1] for entry in left] == ["known=0", "known=1"]
    assert not any("JA" in entry.asked for entry in left)


def test_a_grant_moves_with_a_merged_file(
    away: Person, person: PersonMaker, cast: Cast, at: dt.datetime
) -> None:
    [one] = asking.ask_access("JA123456", reason="Moved.", actor=cast.youssef, at=at)
    asking.answer_request(one, granted=True, actor=cast.salma, at=at)
    kept = person("Fatima Alaoui", province=AGADIR)
    merge_persons(kept.pk, away.pk, evidence={}, actor=cast.salma, at=at)
    assert AccessRequest.objects.get().person_id == kept.pk
    assert is_granted(kept.pk, actor=cast.youssef, on=at.date())


def test_an_answer_is_taken_back_also_where_the_file_was_asked_for_again(
    away: Person, cast: Cast, at: dt.datetime
) -> None:
    [refused] = asking.ask_access("JA123456", reason="Moved.", actor=cast.youssef, at=at)
    asking.answer_request(refused, granted=False, reason="Why?", actor=cast.salma, at=at)
    [again] = asking.ask_access("JA123456", reason="Moved here.", actor=cast.youssef, at=at)
    asking.undo_answer(refused, actor=cast.salma, at=at)
    states = dict(AccessRequest.objects.values_list("pk", "state"))
    assert states == {refused: "withdrawn", again: "waiting"}
    asking.answer_request(again, granted=True, actor=cast.salma, at=at)
    asking.undo_answer(again, actor=cast.salma, at=at + asking.LASTS)
    assert not is_granted(away.pk, actor=cast.youssef, on=at.date())
    [third] = asking.ask_access("JA123456", reason="Moved.", actor=cast.youssef, at=at)
    asking.answer_request(third, granted=False, reason="Why?", actor=cast.salma, at=at)
    with pytest.raises(errors.RequestAnswered):
        asking.undo_answer(third, actor=cast.salma, at=at + asking.LASTS)


def test_a_file_stays_open_to_nobody_who_lost_the_post(
    away: Person, cast: Cast, at: dt.datetime
) -> None:
    [one] = asking.ask_access("JA123456", reason="Moved.", actor=cast.youssef, at=at)
    asking.answer_request(one, granted=True, actor=cast.salma, at=at)
    assert is_granted(away.pk, actor=cast.youssef, on=at.date())
    assert not is_granted(away.pk, actor=replace(cast.youssef, posts=()), on=at.date())


def test_a_correction_says_nothing_of_who_holds_a_card_elsewhere_and_counts(
    away: Person,
    person: PersonMaker,
    cast: Cast,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probes, "PROBES_AN_HOUR", 1)
    mine = person("Khadija Bennani", card_number="BK123456")
    other = person("Ali Bennani", card_number="BK123457")

    def correct(card: str) -> None:
        change = {"card_number": Correction("BK123456", card)}
        correct_person(mine.pk, changes=change, actor=cast.youssef, at=at)

    with pytest.raises(errors.CardHeldByAnother) as here:
        correct("BK123457")
    assert str(other.pk) in here.value.sentence()
    with pytest.raises(errors.KnownElsewhere) as told:
        correct("JA123456")
    assert str(away.pk) not in told.value.sentence()
    assert AccessLogEntry.objects.filter(place=probes.PROBING).count() == 1
    with pytest.raises(errors.TooManyProbes):
        correct("JA123456")
