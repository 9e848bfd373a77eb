"""Rights of one insured person: when they open, stop, open again and end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qafila_law import (
    Call,
    Enrolment,
    Excuse,
    ExcuseKind,
    ReliefCourse,
    RightsFacts,
    Status,
    due_date,
    explain,
    rights,
    rights_periods,
)  # fmt: skip
from qafila_law.months import month_of, months_later

AMOUNT = 16_352


def call(month: str, paid_on: date | None = None, paid: int = AMOUNT) -> Call:
    """A craftworker's call, paid (in part) on a day or not at all."""
    first_day = month_of(month)
    return Call(
        first_day, due_date(first_day, "craftworker"), AMOUNT, paid if paid_on else 0, paid_on
    )


def paid_in_time(month: str) -> Call:
    return call(month, due_date(month, "craftworker") - timedelta(days=3))


def paid_in_advance(month: str) -> Call:
    return call(month, month_of(month))


def told(facts: RightsFacts) -> list[tuple[str, str, str, str | None]]:
    return [
        (period.status.value, period.reason, f"{period.since}", period.until and f"{period.until}")
        for period in rights_periods(facts)
    ]


FATIMA = RightsFacts(enrolments=(Enrolment(date(2026, 1, 1)),))


WAITED = tuple(
    Call(date(2026, month, 1), date(2026, month + 2, 1) - timedelta(days=1), AMOUNT, AMOUNT,
         date(2026, month, 20))
    for month in (1, 2, 3)
)  # fmt: skip


def test_waiting_then_open_while_each_month_is_paid() -> None:
    assert told(replace(FATIMA, calls=WAITED)) == [
        ("waiting", "waiting_period", "2026-01-01", "2026-04-01"),
        ("open", "paid_up", "2026-04-01", None),
    ]


def test_the_months_of_the_waiting_period_must_be_paid() -> None:
    """Two of three paid on 1 April is not enough; the third opens rights on its day of payment."""
    unpaid = replace(FATIMA, calls=(*WAITED[:2], call("2026-03")))
    assert told(unpaid)[1:] == [
        ("waiting", "waiting_months_unpaid", "2026-04-01", "2026-05-01"),
        ("suspended", "unpaid_months", "2026-05-01", None),
    ]
    paid = replace(FATIMA, calls=(*WAITED[:2], call("2026-03", date(2026, 4, 20))))
    assert told(paid)[2:] == [("open", "paid_up", "2026-04-20", None)]
    never_called = replace(FATIMA, calls=WAITED[:2])
    assert rights(never_called, date(2026, 11, 22)).reason == "waiting_months_unpaid"
    assert rights(never_called, date(2026, 11, 22)).steps[0].facts["paid"] == 2


def test_the_next_month_called_takes_the_place_of_one_never_called() -> None:
    april = Call(date(2026, 4, 1), date(2026, 5, 31), AMOUNT, AMOUNT, date(2026, 4, 9))
    facts = replace(FATIMA, calls=(WAITED[0], WAITED[2], april))
    assert told(facts)[-1] == ("open", "paid_up", "2026-04-09", None)


def long_unpaid(paid_on: date, excuses: tuple[Excuse, ...] = ()) -> RightsFacts:
    """April 2026, due on 31 May, paid late."""
    return replace(FATIMA, calls=(*WAITED, call("2026-04", paid_on)), excuses=excuses)


@pytest.mark.parametrize(
    ("paid_on", "opens"),
    [
        (date(2026, 12, 1), date(2026, 12, 1)),  # unpaid from 1 June: six months, not more
        (date(2026, 12, 2), date(2027, 4, 1)),  # January, February and March 2027 are waited
        (date(2027, 1, 31), date(2027, 5, 1)),
    ],
)
def test_more_than_six_months_unpaid_costs_three_months_of_waiting(
    paid_on: date, opens: date
) -> None:
    facts = long_unpaid(paid_on)
    assert told(facts)[-1] == ("open", "paid_up", opens.isoformat(), None)
    if opens > paid_on:
        assert rights(facts, paid_on).reason == "interruption_waiting_period"
        assert rights(facts, paid_on).until == opens


def test_an_excuse_of_the_law_spares_the_new_waiting_period() -> None:
    ill = Excuse(ExcuseKind.ILLNESS, date(2026, 9, 1), date(2026, 9, 20))
    assert rights(long_unpaid(date(2027, 1, 31), (ill,)), date(2027, 1, 31)).status is Status.OPEN
    before = Excuse(ExcuseKind.COURT_DECISION, date(2026, 1, 1), date(2026, 6, 1))
    late = long_unpaid(date(2027, 1, 31), (before,))
    assert rights(late, date(2027, 1, 31)).status is Status.WAITING


def test_paying_now_is_said_to_open_rights_on_the_day_it_does() -> None:
    unpaid = replace(FATIMA, calls=(*WAITED, call("2026-04")))
    soon = rights(unpaid, date(2026, 11, 22)).steps[-1]
    assert soon.code == "rights_reopen"
    late = rights(unpaid, date(2026, 12, 22)).steps[-1]
    assert (late.code, late.facts["since"]) == ("rights_reopen_later", date(2027, 4, 1))


def test_days_after_the_last_month_called_are_not_known_yet() -> None:
    facts = replace(FATIMA, calls=(*WAITED, paid_in_time("2026-04")))
    now = rights(facts, date(2026, 4, 30))
    assert (now.known, now.known_until) == (True, date(2026, 4, 30))
    later = rights(facts, date(2035, 1, 1))
    assert (later.known, later.steps[0].code) == (False, "rights_not_known_yet")
    reported = rights(replace(facts, reported_until=date(2036, 1, 1)), date(2035, 1, 1))
    assert reported.known


def test_the_tense_follows_the_day_asked() -> None:
    facts = replace(FATIMA, calls=(*WAITED, paid_in_time("2026-04")))
    today = date(2026, 4, 15)
    codes = {
        day: rights(facts, day, today=today).steps[0].code
        for day in (date(2026, 2, 1), today, date(2026, 4, 20), date(2026, 5, 1))
    }
    assert list(codes.values()) == [
        "rights_past", "rights_paid_up", "rights_to_come", "rights_unknown",
    ]  # fmt: skip


def test_a_wait_is_told_as_an_opening_only_where_rights_open() -> None:
    assert rights(replace(FATIMA, calls=WAITED), date(2026, 3, 1)).steps[0].code == (
        "rights_waiting_period"
    )
    unpaid = rights(replace(FATIMA, calls=(call("2026-01"),)), date(2026, 3, 1))
    assert unpaid.steps[0].code == "rights_wait_ends"
    assert unpaid.steps[0].facts["until"] == date(2026, 4, 1)


def test_due_december_2021_opens_january_2022() -> None:
    facts = RightsFacts((Enrolment(date(2021, 12, 1)),), (paid_in_time("2021-12"),))
    assert rights(facts, date(2022, 1, 1)).status is Status.WAITING  # nothing paid yet
    assert rights(facts, date(2022, 1, 28)).status is Status.OPEN
    assert rights(facts, date(2021, 12, 31)).reason == "waiting_period"


def test_a_month_unpaid_suspends_after_its_last_day_and_payment_reopens() -> None:
    facts = replace(FATIMA, calls=(*WAITED, call("2026-04", date(2026, 6, 10))))
    assert told(facts)[1:] == [
        ("open", "paid_up", "2026-04-01", "2026-06-01"),
        ("suspended", "unpaid_months", "2026-06-01", "2026-06-10"),
        ("open", "paid_up", "2026-06-10", None),
    ]
    answer = rights(facts, date(2026, 6, 5))
    assert (answer.overdue_centimes, answer.overdue_months) == (AMOUNT, 1)
    assert answer.until == date(2026, 6, 10)


def test_what_if_paid_today_reopens_today() -> None:
    unpaid = replace(FATIMA, calls=(*WAITED, call("2026-04")))
    today = date(2026, 11, 22)
    assert rights(unpaid, today).status is Status.SUSPENDED
    paid = replace(unpaid, calls=(*WAITED, call("2026-04", today)))
    answer = rights(paid, today)
    assert (answer.status, answer.since) == (Status.OPEN, today)


def test_a_part_payment_does_not_reopen() -> None:
    facts = replace(
        FATIMA, calls=(paid_in_time("2026-01"), call("2026-03", date(2026, 6, 1), paid=10_000))
    )
    answer = rights(facts, date(2026, 7, 1))
    assert (answer.status, answer.overdue_centimes) == (Status.SUSPENDED, AMOUNT - 10_000)


def test_never_paid_since_enrolment_is_told_apart() -> None:
    facts = replace(FATIMA, calls=(call("2026-01"), call("2026-02")))
    assert rights(facts, date(2026, 3, 31)).reason == "waiting_period"
    answer = rights(facts, date(2026, 4, 1))
    assert (answer.reason, answer.overdue_months) == ("never_paid", 2)


def test_enrolled_without_any_call_awaits_the_first_payment() -> None:
    assert rights(FATIMA, date(2026, 11, 22)).reason == "first_payment_awaited"


def test_nobody_and_before_enrolment() -> None:
    answer = rights(RightsFacts(), date(2026, 11, 22))
    assert (answer.status, answer.since, answer.until) == (Status.NONE, None, None)
    before = rights(FATIMA, date(2025, 12, 31))
    assert (before.status, before.until) == (Status.NONE, date(2026, 1, 1))


def test_cover_goes_on_six_months_after_activity_then_closes() -> None:
    paid = tuple(paid_in_time(month) for month in ("2025-01", "2025-02", "2025-03"))
    facts = RightsFacts((Enrolment(date(2025, 1, 1), date(2026, 3, 15)),), paid)
    assert told(facts)[1:] == [
        ("waiting", "waiting_months_unpaid", "2025-04-01", "2025-04-27"),
        ("open", "paid_up", "2025-04-27", "2026-03-15"),
        ("open", "continued_after_activity", "2026-03-15", "2026-09-15"),
        ("closed", "activity_ended", "2026-09-15", None),
    ]


def test_a_return_within_the_continued_cover_waits_no_more() -> None:
    def returning(month: date) -> RightsFacts:
        left = Enrolment(date(2025, 1, 1), date(2026, 3, 1))
        months = ("2025-01", "2025-02", "2025-03", "2026-10", "2026-11", "2026-12")
        paid = tuple(paid_in_advance(one) for one in months)
        return RightsFacts((left, Enrolment(month)), paid)

    soon = returning(date(2026, 9, 1))
    assert rights(soon, date(2026, 9, 1)).reason == "paid_up"
    late = returning(date(2026, 10, 1))
    assert rights(late, date(2026, 9, 15)).reason == "activity_ended"
    assert rights(late, date(2026, 12, 31)).reason == "waiting_period"
    assert rights(late, date(2027, 1, 1)).reason == "paid_up"


def test_leaving_during_the_waiting_period_gives_no_continued_cover() -> None:
    facts = RightsFacts(
        (Enrolment(date(2026, 1, 1), date(2026, 2, 1)),), (paid_in_time("2026-01"),)
    )
    for day in (date(2026, 2, 2), date(2026, 4, 2)):
        assert (rights(facts, day).status, rights(facts, day).reason) == (
            Status.CLOSED, "activity_ended",
        )  # fmt: skip


def test_what_was_suspended_on_the_last_day_of_activity_does_not_go_on() -> None:
    calls = (*WAITED, call("2026-04", date(2026, 7, 20)))
    facts = RightsFacts((Enrolment(date(2026, 1, 1), date(2026, 7, 1)),), calls)
    assert told(facts)[-1] == ("closed", "activity_ended", "2026-07-01", None)


def test_death_closes() -> None:
    facts = replace(FATIMA, calls=(paid_in_time("2026-01"),), deceased_on=date(2026, 8, 1))
    assert rights(facts, date(2026, 8, 1)).reason == "deceased"


def old_debt(relief: ReliefCourse | None) -> RightsFacts:
    calls = [call(f"2023-{month:02d}") for month in range(8, 12)]
    calls += [paid_in_time("2023-12"), paid_in_time("2024-01"), paid_in_time("2024-02")]
    return RightsFacts((Enrolment(date(2022, 5, 1)),), tuple(calls), relief)


def test_relief_pauses_old_arrears_and_waits_three_months() -> None:
    facts = old_debt(ReliefCourse(date(2024, 1, 28)))
    assert rights(facts, date(2024, 1, 27)).reason == "never_paid"
    assert rights(facts, date(2024, 4, 30)).reason == "relief_waiting_period"
    assert rights(facts, date(2024, 5, 1)).reason == "paid_up"
    assert rights(old_debt(None), date(2024, 5, 1)).reason == "unpaid_months"


def test_relief_lost_brings_the_arrears_back() -> None:
    facts = old_debt(ReliefCourse(date(2024, 1, 28), lost_on=date(2024, 7, 1)))
    assert rights(facts, date(2024, 6, 30)).status is Status.OPEN
    answer = rights(facts, date(2024, 7, 1))
    assert (answer.reason, answer.overdue_months) == ("unpaid_months", 4)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh", "en"])
def test_suspension_is_told_amount_first(language: str) -> None:
    facts = replace(FATIMA, calls=(paid_in_time("2026-01"), call("2026-03")))
    first = explain(rights(facts, date(2026, 11, 22)).steps, language)[0]
    sentence = re.split(r"[.:] ", first.replace("\N{NO-BREAK SPACE}", " "))[0]
    assert re.search(r"163[.,]52", sentence)


@settings(max_examples=60, deadline=None)
@given(
    paid=st.lists(st.none() | st.integers(-20, 150), min_size=1, max_size=8),
    extra=st.integers(0, 60),
)
def test_paying_earlier_never_hurts(paid: list[int | None], extra: int) -> None:
    def facts(shift: int) -> RightsFacts:
        calls = []
        for place, delay in enumerate(paid):
            month = months_later(date(2026, 1, 1), place)
            due = due_date(month, "craftworker")
            on = None if delay is None else due + timedelta(days=delay - shift)
            calls.append(call(f"{month:%Y-%m}", on))
        return replace(FATIMA, calls=tuple(calls))

    for place in range(0, 400, 13):
        day = date(2026, 1, 1) + timedelta(days=place)
        if rights(facts(0), day).status is Status.OPEN:
            assert rights(facts(extra), day).status is Status.OPEN
