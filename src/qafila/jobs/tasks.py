"""Background jobs: thin, each calls one action. Rooms defer them by name, in their transaction."""

from __future__ import annotations

import contextlib
import datetime as dt

from procrastinate.contrib.django import app

from qafila.foundation import clock
from qafila.foundation.queue.kinds import HOUSE, PAYMENTS
from qafila.foundation.trail import system_actor


@app.task(name="lists.read_upload", queue="lists", retry=3)
def read_upload(import_id: int) -> None:
    """Read an uploaded list, then carry its rows as far as nobody has to decide anything."""
    from qafila.accompaniment.chain import run_stages
    from qafila.lists.importing import uploads
    from qafila.lists.importing.coming_of import note_what_came

    actor, at = system_actor("list reader"), clock.now()
    uploads.read_upload(import_id, actor=actor, at=at)
    month = clock.today().replace(day=1)
    for _done in run_stages(month=month, deciding=False, actor=actor, at=at):
        pass
    note_what_came(actor=actor, at=at)


@app.periodic(cron="30 2 * * *")
@app.task(name="lists.relink_changed_rows", queue="lists", queueing_lock="relink")
def relink_changed_rows(timestamp: int) -> None:
    """Nightly: link what changed since the last night."""
    from qafila.lists.linking import relinking

    relinking.relink_changed_rows(actor=system_actor("nightly linkage"), at=clock.now())
    _bring_everyone_up_to_date()


def _bring_everyone_up_to_date() -> None:
    from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date

    bring_up_to_date(EVERYONE, actor=system_actor("nightly figures"), at=clock.now())


@app.periodic(cron="30 3 * * *")
@app.task(name="contributions.nightly", queue="contributions", queueing_lock="contributions")
def nightly_contributions(timestamp: int) -> None:
    """Nightly: corrections, years, relief, then rights and standings; what is wrong; the proof."""
    from qafila.contributions.anomalies.actions import find_anomalies
    from qafila.contributions.arrears.relief import review_relief
    from qafila.contributions.calls.dry_runs import forget_dry_runs
    from qafila.contributions.corrections.corrections import post_corrections
    from qafila.contributions.corrections.years import settle_tax_years
    from qafila.contributions.ledger.proving import prove_books

    actor, at = system_actor("nightly contributions"), clock.now()
    post_corrections(actor=actor, at=at)
    settle_tax_years(actor=actor, at=at)
    review_relief(actor=actor, at=at)
    _bring_everyone_up_to_date()
    find_anomalies(actor=actor, at=at)
    forget_dry_runs(at=at)
    prove_books(actor=actor, at=at)


@app.task(name="contributions.dry_run", queue="contributions", retry=3)
def dry_run(month: str) -> None:
    """Assess what a month would call; nothing of the books is written."""
    from qafila.contributions.calls.dry_runs import assess_dry_run

    first = dt.date.fromisoformat(f"{month}-01")
    assess_dry_run(first, actor=system_actor("contribution run"))


@app.task(name="contributions.run_month", queue="contributions")
def run_month(month: str) -> None:
    """Post the run of a month that was asked for, then bring rights and next steps up to date."""
    from qafila.contributions.calls.month_runs import runs
    from qafila.contributions.errors import RunUnderWay

    first = dt.date.fromisoformat(f"{month}-01")
    try:
        runs.run_month(first, actor=system_actor("contribution run"), at=clock.now())
    except RunUnderWay:
        return  # whoever holds the run finishes it
    _bring_everyone_up_to_date()


@app.task(name="contributions.counter_post", queue="contributions")
def counter_post(month: str) -> None:
    """Carry out a counter-posting that was confirmed; rights are derived range by range."""
    from qafila.contributions.corrections.counter_posting import carry_out_counter_posting
    from qafila.contributions.errors import RunUnderWay

    first = dt.date.fromisoformat(f"{month}-01")
    with contextlib.suppress(RunUnderWay):  # whoever holds the run finishes it
        carry_out_counter_posting(first, actor=system_actor("counter-posting"), at=clock.now())


@app.task(name="contributions.check_payment_file", queue=PAYMENTS, retry=3)
def check_payment_file(name: str) -> None:
    """Tell what booking a file of payments would do; nothing of it is booked."""
    from qafila.exchange.payments.inbox import check_kept_file
    from qafila.foundation.errors import NotFoundInScope

    with contextlib.suppress(NotFoundInScope):  # dropped while it waited
        check_kept_file(name, at=clock.now())


@app.task(name="contributions.book_payment_file", queue=PAYMENTS, retry=3)
def book_payment_file(name: str) -> None:
    """Book a checked file of payments; rights and next steps follow with it."""
    from qafila.exchange.errors import PostingTakenAway
    from qafila.exchange.payments.inbox import book_kept_file

    with contextlib.suppress(PostingTakenAway):  # noted on the file, where its page says so
        book_kept_file(name, at=clock.now())


@app.periodic(cron="15 2 * * *")
@app.task(name="house.clear_out", queue=HOUSE, queueing_lock="house.clear_out")
def clear_out(timestamp: int) -> None:
    """Nightly: what has expired leaves: sessions, tokens, counts, jobs long done, kept files."""
    from qafila.exchange.payments.inbox import empty_inbox
    from qafila.foundation.access_log import forget_sign_ins
    from qafila.foundation.queue.clearing import clear_expired
    from qafila.people.privacy.treatments import kept_since

    clear_expired()
    since = kept_since("foundation.SignInEntry", clock.now())
    forget_sign_ins(before=since, actor=system_actor("clearing"))
    empty_inbox(at=clock.now())


@app.periodic(cron="45 2 * * *")
@app.task(name="audit.find_unusual_reading", queue=HOUSE, queueing_lock="audit")
def find_unusual_reading(timestamp: int) -> None:
    """Nightly: what was read lately that an auditor has to look at; nights missed are made up."""
    from qafila.audit import unusual

    actor, at = system_actor("nightly audit"), clock.now()
    for days in (3, 2, 1):
        day = clock.day_of(at) - dt.timedelta(days=days)
        unusual.find_unusual_reading(day, actor=actor, at=at)
