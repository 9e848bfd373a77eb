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
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.permission_table import (
    A_FILE,
    A_LIST,
    ASKED,
    ASKED_FIRST,
    BY_CODE,
    BY_LINK,
    CAST,
    CHANGES,
    EVERYONE,
    FILLED,
    HERE,
    NEAR,
    PREFERENCES,
    PUBLIC,
    TABLE,
    TWO_POSTS,
)

from qafila.care.models import Claim
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile, Run
from qafila.foundation.actors import Actor
from qafila.foundation.models import AccessLogEntry
from qafila.foundation.trail import acting
from qafila.institutions.models import Account, Institution, Post
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Person
from qafila.places.models import Province
from qafila.register.models import Application, Entry
from qafila.rights.attestations import attest

pytestmark = pytest.mark.django_db


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


def _posts_of(letter: str) -> str:
    """The letters of those whose posts this one holds."""
    return TWO_POSTS[letter][1] if letter in TWO_POSTS else letter


def _name_of(letter: str) -> str:
    return (TWO_POSTS.get(letter) or CAST[letter])[0]


def _account(system: Actor, at: dt.datetime, letter: str) -> Account:
    name = _name_of(letter)
    with acting(system, at=at):
        account = Account.objects.create_user(f"{name}@qafila.test".lower(), None, name=name)
        for _name, role, province in (CAST[part] for part in _posts_of(letter)):
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
        gone = Person.objects.create(full_name_ar="فاطنة", name_keys=["ftn"], **made)
        merge = merge_persons(fatima.pk, gone.pk, evidence={}, actor=system, at=at).merge
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
        entry = Entry.objects.create(
            person=fatima, register_number="1001", entered_on=at.date(), region_code="06"
        )
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
    for letter in (*CAST, *TWO_POSTS):
        browsers[letter] = Client()
        browsers[letter].force_login(_account(system, at, letter))
    numbers: dict[str, int | str] = {
        "person_id": fatima.pk, "other_id": twin.pk, "import_id": imported.pk, "pair_id": pair.pk,
        "row_id": rows[0].pk, "entry_id": entry.pk,
        "merge_id": merge, "application_id": application.pk, "dependant_id": 1,
        "serial": sheet.serial, "event_id": 1, "event_kind": "death", "relation": "child",
        "month": "2026-11", "kind": "csv", "name": "0" * 32, "item_id": 1, "token": "x" * 32,
        "file_id": file.pk, "payment_id": payment.pk, "language": "fr",
        "claim_id": claim.pk, "verb": "receive", "enrolment_id": 1, "year": 2025, "note_id": 1,
        "refund_id": 1, "act": "ask", "act_id": 1, "client_id": "x", "job_id": 1,
        "case_id": 1, "post_id": 1, "request_id": 1, "contact_id": 1,
        "purpose": "messages", "answer": "refused",
        "account_id": Account.objects.get(name="Youssef").pk,
    }  # fmt: skip
    return World(numbers, browsers)


def _address_of(name: str, pattern: str, world: World) -> str:
    named = {key: value for key, value in world.numbers.items() if f":{key}>" in pattern}
    if name == "run_ahead":
        named["month"] = "2026-12"  # not called yet; a month that is leads to its run
    if name == "person_data":
        named["kind"] = "json"
    if name == "staff_act":
        named["act"] = "close"
    return reverse(name, kwargs=named)


def test_every_address_is_in_a_table() -> None:
    listed = TABLE.keys() | PUBLIC | CHANGES.keys() | PREFERENCES | BY_LINK | BY_CODE
    unlisted = [pattern for pattern, name in _addresses() if name not in listed]
    assert not unlisted, f"Say in tests/web/test_permissions.py who may see {unlisted}."


def test_each_page_is_found_by_those_it_is_for_and_by_nobody_else(world: World) -> None:
    wrong = []
    for pattern, name in _addresses():
        for letter in (*sorted(EVERYONE), *TWO_POSTS) if name in TABLE else ():
            response = world.browsers[letter].get(_address_of(name, pattern, world))
            expected = 200 if TABLE[name][0] & set(_posts_of(letter)) else 404
            if response.status_code != expected:
                wrong.append(f"{name}: {_name_of(letter)} gets {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_each_page_leaves_the_trace_it_says_and_no_other(world: World, system: Actor) -> None:
    wrong = []
    for pattern, name in _addresses():
        if name in TABLE and TABLE[name][0]:
            who = world.browsers[min(TABLE[name][0])]
            left = _left_by(system, [who], "get", _address_of(name, pattern, world) + ASKED)
            if left != TABLE[name][1]:
                wrong.append(f"{name} leaves “{left}”, not “{TABLE[name][1]}”")
    assert not wrong, "\n".join(wrong)


def test_each_change_leaves_the_trace_it_says_and_no_other(world: World, system: Actor) -> None:
    wrong = []
    for pattern, name in _addresses():
        if name in CHANGES:
            address = _address_of(name, pattern, world)
            # Some of these may: whoever may not is refused before the file is opened.
            near = [world.browsers[letter] for letter in sorted(NEAR)]
            left = _left_by(system, near, "get" if name in ASKED_FIRST else "post", address)
            if left != CHANGES[name]:
                wrong.append(f"{name} leaves “{left}”, not “{CHANGES[name]}”")
    assert not wrong, "\n".join(wrong)


def test_public_pages_leave_nothing(world: World, system: Actor, client: Client) -> None:
    for name in sorted(PUBLIC):
        assert not _left_by(system, [client], "get", reverse(name)), name


def test_a_search_leaves_no_word_that_was_typed(world: World, system: Actor) -> None:
    world.browsers["A"].get(reverse("people"), {"q": "فاطمة AB123456"})
    entry = AccessLogEntry.objects.get()
    assert (entry.people_count, entry.asked) == (0, "query=name+number")
    assert (entry.person_id, entry.place, entry.reason) == (None, "people", "following_up")


def _left_by(system: Actor, browsers: list[Client], method: str, address: str) -> str:
    """What opening an address leaves in the log, in the words of the tables."""
    with acting(system):
        AccessLogEntry.objects.all().delete()
    for browser in browsers:
        getattr(browser, method)(address, FILLED if method == "post" else None)
    kinds = {
        A_LIST if entry.person_id is None else A_FILE
        for entry in AccessLogEntry.objects.order_by("pk")
    }
    return " and ".join(sorted(kinds))


def test_nobody_changes_what_lies_outside_their_territory(world: World) -> None:
    wrong = []
    for pattern, name in _addresses():
        # Mounir reads Fatima's file as auditor, and decides as chamber, but not about her.
        for letter in "SDCM" if name in CHANGES else ():
            address = _address_of(name, pattern, world)
            response = world.browsers[letter].post(address, FILLED)
            if response.status_code != 404:
                wrong.append(f"{name}: {_name_of(letter)} gets {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_two_posts_change_what_either_changes_and_no_more(world: World) -> None:
    wrong = []
    for pattern, name in _addresses():
        for letter in TWO_POSTS if name in CHANGES else ():
            address = _address_of(name, pattern, world)
            alone = [_refused(world, part, address) for part in _posts_of(letter)]
            if _refused(world, letter, address) != all(alone):
                wrong.append(f"{name}: {_name_of(letter)} is not what either of the two is")
    assert not wrong, "\n".join(wrong)


def test_what_is_only_read_offers_nothing_to_do(world: World) -> None:
    """Widad decides about Fatima; Mounir audits her file, and decides elsewhere."""
    found = dict(_addresses())
    at = {name: _address_of(name, pattern, world) for pattern, name in found.items() if name}
    offered = {
        at["applications"]: at["accept_application"],
        at["person"]: at["person_correct"],
        at["person_money"]: at["person_note"],
        at["person_lists"]: at["undo_merge"],
        at["attestations"]: at["withdraw_attestation"],
        at["claim"]: at["move_claim"],
    }
    for address, act in offered.items():
        here, elsewhere = (world.browsers[letter].get(address).content.decode() for letter in "WM")
        assert act in here, address
        assert act not in elsewhere, address


def _refused(world: World, letter: str, address: str) -> bool:
    """Whether a change is hidden from this one; what it changed is taken back."""
    try:
        with transaction.atomic():
            response = world.browsers[letter].post(address, FILLED)
            raise _Enough
    except _Enough:
        return response.status_code == 404


class _Enough(Exception):
    """Takes back what a trial changed."""


def test_changes_are_not_made_by_looking(world: World) -> None:
    amal = world.browsers["A"]
    for pattern, name in _addresses():
        if name in CHANGES.keys() - ASKED_FIRST:
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
            method = client.post if name in ("mine_close", "mine_consent") else client.get
            assert method(address).status_code == 404, name
            assert world.browsers["B"].post(address).status_code in (404, 405), name


def test_there_is_no_signing_up(client: Client) -> None:
    response = client.get("/accounts/signup/")
    assert b'name="password1"' not in response.content
