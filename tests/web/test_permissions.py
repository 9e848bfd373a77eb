"""Every address × the cast of people: an address that is not in the table fails the test.

People outside a person's territory, and roles a page is not for, get 404, as if there were nothing.
Visitors are sent to the sign-in page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from qafila.care.models import Claim
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile, Run
from qafila.foundation.actors import Actor, Role
from qafila.foundation.trail import acting
from qafila.institutions.models import Account, Institution, Post
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.people.models import Merge, Person
from qafila.places.models import Province
from qafila.register.models import Application
from qafila.rights.attestations import attest

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "06.181", "09.001"

# Letter, name, role, province (None: the whole country). Fatima, the craftworker, lives in HERE.
CAST = {
    "Y": ("Youssef", Role.COUNTER_AGENT, HERE),
    "S": ("Salma", Role.COUNTER_AGENT, ELSEWHERE),
    "N": ("Naima", Role.FIELD_AGENT, HERE),
    "H": ("Hassan", Role.CHAMBER_STAFF, HERE),
    "D": ("Khadija", Role.DIRECTORATE, ELSEWHERE),
    "K": ("Karim", Role.FUND_LIAISON, None),
    "A": ("Amal", Role.PROGRAMME_LEAD, None),
    "U": ("Nadia", Role.AUDITOR, None),
    "B": ("Brahim", Role.ADMINISTRATOR, None),
}
EVERYONE = frozenset(CAST)
NEAR = EVERYONE - set("SD")  # those whose territory holds Fatima

# Address → who finds it. `import_id` is an import of nobody's institution: national roles only.
TABLE: dict[str, frozenset[str]] = {
    "home": EVERYONE,
    "people": EVERYONE,
    "person": NEAR,
    "person_money": NEAR,
    "person_lists": NEAR,
    "person_journal": NEAR,
    "lists": frozenset("HDKAB"),
    "list_import": frozenset("KAB"),
    "rejected_rows": frozenset("KAB"),
    "review": frozenset("HDKAB"),
    "review_file": frozenset("HDKAB"),
    "applications": EVERYONE,
    "funnel": EVERYONE,
    "funnel_csv": EVERYONE,
    "people_behind": EVERYONE,
    "stalled": EVERYONE,
    "runs": frozenset("KAU"),
    "run_ahead": frozenset("KA"),
    "run": frozenset("KAU"),
    "run_parked": frozenset("KAU"),
    "run_differences": frozenset("KAU"),
    "arrears": EVERYONE - set("B"),
    "arrears_file": EVERYONE - set("B"),
    "anomalies": EVERYONE - set("NB"),
    "payments": frozenset("KAU"),
    "payment_check": frozenset(),  # only who handed the file in, and it was none of these
    "payment_file": frozenset("KAU"),
    "payment_problems": frozenset("KAU"),
    "payment": NEAR,
    "receipt": NEAR,
    "statement_pdf": NEAR,
    "person_years": NEAR,
    "payment_notes": frozenset("YSHKAU"),
    "family_rights": NEAR,
    "attestations": NEAR,
    "attestation_sheet": NEAR,
    "estimate": EVERYONE,
    "claims": EVERYONE - set("DA"),  # care is private
    "claim": NEAR - set("A"),
    "person_claims": NEAR - set("A"),
    "claims_statement": NEAR - set("A"),
    "person_estimate": NEAR - set("A"),
}
PUBLIC = frozenset({"front_page", "pay", "gallery", "health", "verify"})
# Changed by POST only: whoever is outside the territory finds nothing there either.
CHANGES = frozenset(
    {
        "accept_application",
        "refuse_application",
        "undo_merge",
        "part_pair",
        "separate_row",
        "person_correct",
        "person_contact",
        "person_application",
        "person_family",
        "no_family",
        "remove_member",
        "tell_event",
        "tell_member_event",
        "take_back_event",
        "withdraw_attestation",
        "decide_pair",
        "undo_decision",
        "ask_run_ahead",
        "run_ahead_again",
        "run_start",
        "declare_claim",
        "move_claim",
        "end_anomaly",
        "payment_book",
        "payment_check_again",
        "payment_discard",
        "payment_reverse",
        "person_payment",
        "person_plan",
        "end_plan",
        "person_link",
        "withdraw_link",
        "choose_year_payment",
        "final_tax",
        "take_back_tax",
        "person_note",
        "take_back_note",
    }
)
# These show a form or ask for confirmation when looked at.
ASKED_FIRST = frozenset(
    {
        "person_correct",
        "person_contact",
        "person_application",
        "person_family",
        "undo_merge",
        "separate_row",
        "person_payment",
        "person_plan",
        "person_link",
        "person_note",
        "declare_claim",
    }
)
# Behind a personal link, without any account: a wrong token finds nothing.
BY_LINK = frozenset({"mine", "mine_close", "mine_statement", "mine_receipt"})
# What the forms ask for, so that nothing but the territory refuses.
FILLED = {"answer": "same", "reason": "A reason.", "confirm": "yes"}
PREFERENCES = frozenset({"language", "theme"})
# Anyone may ask what a code is worth; a wrong one is told so on the same page.
BY_CODE = frozenset({"verify_code"})


@dataclass(frozen=True)
class World:
    """What the addresses speak of, and a browser per person."""

    numbers: dict[str, int | str]
    browsers: dict[str, Client]


def _addresses() -> Iterator[tuple[str, str]]:
    """Pattern and name of every address that is not the sign-in library's."""

    def walk(node: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for entry in node.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, prefix + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                yield prefix + str(entry.pattern), entry.name or ""

    for pattern, name in walk(get_resolver(), ""):
        if not pattern.lstrip("^").startswith(("accounts/", "api/", "o/")):
            yield pattern, name


def _account(system: Actor, at: dt.datetime, letter: str) -> Account:
    name, role, province = CAST[letter]
    with acting(system, at=at):
        account = Account.objects.create_user(f"{name}@qafila.test".lower(), None, name=name)
        Post.objects.create(
            account=account,
            role=role,
            institution=Institution.objects.order_by("pk")[0],
            national=province is None,
            province=Province.objects.get(code=province) if province else None,
            held_from=dt.date(2022, 1, 1),
        )
    return account


@pytest.fixture
def world(
    reference: None, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> World:
    """Fatima with a file, an import and its pair, a merge, an application; the cast signed in."""
    # The second factor has its own tests; here everyone has passed it.
    monkeypatch.setattr("qafila.web.site.middleware.must_use_second_factor", lambda *_: False)
    with acting(system, at=at):
        made = {"created_at": at, "created_by_id": system.id, "province_id": HERE}
        fatima = Person.objects.create(full_name_ar="فاطمة", name_keys=["ftm"], **made)
        twin = Person.objects.create(full_name_ar="فاطمة الزهراء", name_keys=["ftm"], **made)
        gone = Person.objects.create(
            full_name_ar="فاطنة", state="merged", merged_into=fatima, name_keys=["ftn"], **made
        )
        merge = Merge.objects.create(
            kept=fatima, absorbed=gone, at=at, by_id=system.id, before={}, moves=[]
        )
        imported = ListImport.objects.create(
            file_name="list.csv", sha256="0" * 64, size_bytes=1, state="linked",
            imported_by_id=system.id, imported_at=at, finished_at=at,
        )  # fmt: skip
        rows = [
            Row.objects.create(
                list_import=imported, row_number=n, outcome="accepted", cells={}, person=person
            )
            for n, person in enumerate((fatima, twin), 2)
        ]
        pair = CandidatePair.objects.create(
            left=rows[0], right=rows[1], probability=0.7, state="waiting"
        )
        application = Application.objects.create(person=fatima, state="submitted", opened_at=at)
        claim = Claim.objects.create(
            insured=fatima, patient=fatima, state="declared", act_code="C", care_on=at.date(),
            paid_by_person_centimes=100, declared_on=at.date(),
        )  # fmt: skip
        file = PaymentFile.objects.create(
            file_name="payments.csv", sha256="1" * 64, channel="bank", received_at=at,
            received_by_id=system.id,
        )  # fmt: skip
        payment = Payment.objects.create(
            reference="R1", channel="bank", person=fatima, amount_centimes=100,
            unallocated_centimes=100, paid_on=at.date(), recorded_at=at,
        )  # fmt: skip
        Run.objects.create(
            month=dt.date(2026, 11, 1), state="posted", started_at=at, started_by_id=system.id
        )
    sheet = attest(fatima.pk, at.date(), actor=system, at=at)
    browsers = {}
    for letter in CAST:
        browsers[letter] = Client()
        browsers[letter].force_login(_account(system, at, letter))
    numbers: dict[str, int | str] = {
        "person_id": fatima.pk, "import_id": imported.pk, "pair_id": pair.pk,
        "row_id": rows[0].pk,
        "merge_id": merge.pk, "application_id": application.pk, "dependant_id": 1,
        "serial": sheet.serial, "event_id": 1, "event_kind": "death",
        "month": "2026-11", "kind": "csv", "name": "0" * 32, "item_id": 1, "token": "x" * 32,
        "file_id": file.pk, "payment_id": payment.pk, "language": "fr",
        "claim_id": claim.pk, "verb": "receive", "enrolment_id": 1, "year": 2025, "note_id": 1,
    }  # fmt: skip
    return World(numbers, browsers)


def _address_of(name: str, pattern: str, world: World) -> str:
    named = {key: value for key, value in world.numbers.items() if f":{key}>" in pattern}
    if name == "run_ahead":
        named["month"] = "2026-12"  # not called yet; a month that is leads to its run
    return reverse(name, kwargs=named)


def test_every_address_is_in_a_table() -> None:
    listed = TABLE.keys() | PUBLIC | CHANGES | PREFERENCES | BY_LINK | BY_CODE
    unlisted = [pattern for pattern, name in _addresses() if name not in listed]
    assert not unlisted, f"Say in tests/web/test_permissions.py who may see {unlisted}."


def test_each_page_is_found_by_those_it_is_for_and_by_nobody_else(world: World) -> None:
    wrong = []
    for pattern, name in _addresses():
        for letter in sorted(EVERYONE) if name in TABLE else ():
            response = world.browsers[letter].get(_address_of(name, pattern, world))
            expected = 200 if letter in TABLE[name] else 404
            if response.status_code != expected:
                wrong.append(f"{name}: {CAST[letter][0]} gets {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_nobody_changes_what_lies_outside_their_territory(world: World) -> None:
    wrong = []
    for pattern, name in _addresses():
        for letter in ("S", "D") if name in CHANGES else ():
            address = _address_of(name, pattern, world)
            response = world.browsers[letter].post(address, FILLED)
            if response.status_code != 404:
                wrong.append(f"{name}: {CAST[letter][0]} gets {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_changes_are_not_made_by_looking(world: World) -> None:
    amal = world.browsers["A"]
    for pattern, name in _addresses():
        if name in CHANGES - ASKED_FIRST:
            assert amal.get(_address_of(name, pattern, world)).status_code in (404, 405), name


def test_visitors_are_sent_to_the_sign_in_page(world: World, client: Client) -> None:
    for pattern, name in _addresses():
        if name in TABLE or name in CHANGES:
            method = client.post if name in CHANGES else client.get
            response = method(_address_of(name, pattern, world))
            assert response.status_code == 302, name
            assert response["Location"].startswith("/accounts/login/"), name


def test_public_pages_need_nobody(client: Client) -> None:
    for name in PUBLIC:
        assert client.get(reverse(name)).status_code == 200, name


def test_behind_a_wrong_link_there_is_nothing(world: World, client: Client) -> None:
    for pattern, name in _addresses():
        if name in BY_LINK:
            address = _address_of(name, pattern, world)
            method = client.post if name == "mine_close" else client.get
            assert method(address).status_code == 404, name
            assert world.browsers["B"].post(address).status_code in (404, 405), name


def test_there_is_no_signing_up(client: Client) -> None:
    response = client.get("/accounts/signup/")
    assert b'name="password1"' not in response.content
