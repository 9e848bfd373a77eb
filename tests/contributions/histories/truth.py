"""What must hold after each step of a history, and of each person when it is over."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection
from django.urls import reverse
from django.utils import translation
from tests.books import require_agreement
from tests.contributions.histories.world import World
from tests.register.factories import system
from tests.rights.test_any_history import by_law, family_by_law, family_rows, materialised

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.accompaniment.queries import file_of
from qafila.contributions.account import account_statement, receipts
from qafila.contributions.account.dues import Dues
from qafila.contributions.arrears.plans import agree_plan
from qafila.contributions.arrears.queries import arrears_queue, overdue_of
from qafila.contributions.errors import NothingOverdue, PlanUnderWay
from qafila.contributions.ledger.queries import ledger_imbalance
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.payments.refunds.refunds import credit_of
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.people.models import Person
from qafila.rights.queries import rights_of

DERIVED = {
    "contributions_personarrears": "as_of",
    "rights_rightsperiod": "id",
    "rights_dependantperiod": "id",
    "accompaniment_standing": "computed_at",
}
_STAT = re.compile(r'<dt>(.*?)</dt>\s*<dd class="value">\s*(.*?)\s*</dd>', re.DOTALL)
_OWN = re.compile(
    r'<p class="sum (\w+)">\s*<span class="small">.*?</span>\s*(.*?)\s*</p>', re.DOTALL
)
_LABELS = {"En retard": "late", "À venir": "later", "Avoir": "credit"}


def require_truth(step: str, world: World) -> None:
    """The books balance, and what is derived is what a derivation of everyone finds."""
    require_agreement()
    at_once = _derived()
    bring_up_to_date(EVERYONE, actor=system(), at=world.at)
    anew = _derived()
    assert at_once == anew, (step, set(at_once) ^ set(anew))


def _derived() -> list[str]:
    # One statement for all: what was written at once is compared with what would be written.
    parts = [
        f"SELECT '{table}' AS told, (to_jsonb(d) - '{apart}')::text AS row FROM {table} d"
        for table, apart in DERIVED.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2")
        return [f"{table}: {row}" for table, row in cursor.fetchall()]


def require_one_figure(world: World, chosen: int) -> None:
    """Everybody's cover is the law's; one person's money is the same wherever it is told."""
    assert ledger_imbalance() == []
    people = list({one.person_id: one for one in world.people}.values())
    for place, one in enumerate(people):
        person = one.person_id
        if Person.objects.filter(pk=person).exclude(merged_into=None).exists():
            continue  # a merged file tells nothing of its own
        assert materialised(person) == by_law(person)
        assert family_rows(person) == {
            key: rows for key, rows in family_by_law(person).items() if rows
        }
        if place == chosen % len(people):
            _require_equal_tellings(world, person)
            _require_cover_as_asked(world, one.fund_number, person)


def _require_equal_tellings(world: World, person: int) -> None:
    dues = world.dues(person)
    told = {
        "late": dues.late_centimes,
        "later": dues.later_centimes,
        "credit": dues.credit_centimes,
    }
    owed = {kind: sum_ for kind, sum_ in told.items() if sum_}
    answer = world.page.get(reverse("person_money", args=[person]))
    assert answer.status_code == 200, (answer.status_code, answer.headers)
    page = answer.content.decode()
    assert _on_page(page) == owed, "the person's page"
    rights = rights_of(person, clock.today(), scope=WHOLE_COUNTRY)
    status = rights.status
    assert ("Si le retard est payé" in page) <= (status != "open" and "late" in owed)
    head = world.page.get(reverse("person", args=[person])).content.decode()
    assert _on_page(head) == owed, "the head of the file"
    file = file_of(person, scope=WHOLE_COUNTRY)
    assert file.overdue_centimes == dues.late_centimes, "the file's sentence"
    listed = {one.person_id: one for one in arrears_queue(scope=WHOLE_COUNTRY, count=500)}
    late = listed[person].overdue_centimes if person in listed else 0
    # Nobody is sent after the dead: their account says what is owed, the list leaves them out.
    asked_for = 0 if rights.reason == "deceased" else dues.late_centimes
    assert late == asked_for, "the list of arrears"
    calls = overdue_of(person, clock.today(), scope=WHOLE_COUNTRY)
    assert sum(call.rest_centimes for call in calls) == dues.late_centimes, "the calls"
    assert _plan_would_cover(world, person) in (dues.late_centimes, None), "a plan"
    assert credit_of(person, scope=WHOLE_COUNTRY) == dues.credit_centimes, "what a refund may give"
    _require_equal_papers(world, person, dues, owed)
    own = world.own_page(person) if person in world.links else ""
    if own:
        sums = {kind: _centimes(value) for kind, value in _OWN.findall(own) if kind != "nothing"}
        assert sums == owed, "the own page"


def _plan_would_cover(world: World, person: int) -> int | None:
    """The sum a plan agreed now would cover; None while one runs or where the sum is too small."""
    from django.db import transaction

    from qafila.contributions.errors import PlanNotPossible
    from qafila.foundation.errors import DomainError

    try:
        with transaction.atomic():
            day = clock.today() + dt.timedelta(days=3)
            agreed = agree_plan(person, instalments=2, first_due_on=day, **world.who())
            transaction.set_rollback(True)
            return agreed.total_centimes
    except NothingOverdue:
        return 0
    except (PlanUnderWay, PlanNotPossible):
        return None
    except DomainError as refusal:
        raise AssertionError(refusal.sentence()) from refusal


def _require_equal_papers(world: World, person: int, dues: Dues, owed: dict[str, int]) -> None:
    with _papers() as told:
        account_statement.statement_pdf(
            person, language="fr", on=clock.today(), scope=WHOLE_COUNTRY, at=world.at
        )
        assert _on_paper(told[-1]) == owed, "the statement on paper"
        paid = Payment.objects.filter(person_id=person, reversed_on=None).order_by("pk").last()
        if paid is None:
            return
        receipts.receipt_pdf(paid.pk, language="fr", scope=WHOLE_COUNTRY, at=world.at)
        assert _on_paper(told[-1]) == owed, "the receipt"
    text = receipts.receipt_text(paid.pk, language="fr", on=clock.today(), scope=WHOLE_COUNTRY)
    with translation.override("fr"):
        kind, facts = receipts._still_to_pay(dues)
    assert f"{facts['owed']} DH" in text, "the message"
    first = next(iter(owed), "late")
    assert {receipts._LATE: "late", receipts._LATER: "later"}.get(kind, "credit") == first
    assert _centimes(facts["owed"]) == owed.get(first, 0), "the message"


@contextmanager
def _papers() -> Iterator[list[Mapping[str, Any]]]:
    """The values handed to the templates; the papers themselves are not set in type."""
    told: list[Mapping[str, Any]] = []

    def remembered(template: Path, values: Mapping[str, Any], **options: Any) -> bytes:
        told.append(values)
        return b"%PDF-"

    with (
        mock.patch.object(account_statement, "typeset", remembered),
        mock.patch.object(receipts, "typeset", remembered),
    ):
        yield told


def _on_paper(values: Mapping[str, Any]) -> dict[str, int]:
    return {
        line["kind"]: _centimes(line["value"])
        for line in values["dues"]
        if line["kind"] != "nothing"
    }


def _on_page(page: str) -> dict[str, int]:
    return {
        _LABELS[label]: _centimes(html.unescape(value))
        for label, value in _STAT.findall(html.unescape(page))
        if label in _LABELS
    }


def _centimes(text: str) -> int:
    return int(re.sub(r"[^0-9]", "", text))


def _require_cover_as_asked(world: World, number: str, person: int) -> None:
    """The coverage check answers what the file says, for today and for a day to come."""
    for day in (clock.today(), clock.today() + dt.timedelta(days=45)):
        asked = {"id_type": "fund", "id": number, "on": day.isoformat()}
        answer = world.page.get(
            "/api/v1/coverage", asked, headers={"Authorization": f"Bearer {world.hospital}"}
        )
        held = rights_of(person, day, scope=WHOLE_COUNTRY)
        assert answer.status_code == 200, answer.content
        assert answer.json()["status"] == held.status, "the coverage check"
