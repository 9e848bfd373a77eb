"""Where histories are told: some people at the fund, every door, and the moment reached.

A world is made once and told of many times; what a history did is rolled back after it.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from tests.api.factories import token
from tests.contributions.factories import craftworker, in_arrears, run
from tests.enrolment.factories import member
from tests.register.factories import AT, agent, person, places, system
from tests.web.staff import signed_in

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.contributions.account.dues import Dues, dues_of
from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.trail import acting
from qafila.institutions.models import Post
from qafila.people.models import Person
from qafila.people.personal_links import issue_personal_link
from qafila.web.mine import session

reference = itertools.count(1)


@dataclass
class World:
    """The people of a history, the doors, the first month to be called, and the moment."""

    folder: Path
    month: dt.date
    people: list[Enrolment]
    page: Client
    operator: str
    hospital: str
    links: dict[int, tuple[Client, str]]
    at: dt.datetime
    sent: list[str] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)

    def of(self, number: int) -> Enrolment:
        """The latest enrolment of one of the people; the merged are among them."""
        found = self.people[number % len(self.people)]
        latest = Enrolment.objects.filter(person_id=found.person_id).order_by("-pk").first()
        return latest or found

    def dues(self, person_id: int) -> Dues:
        """What the account says is late, due later and left over."""
        return dues_of(statement_of(person_id, scope=WHOLE_COUNTRY), clock.today())

    def owed(self, who: Enrolment) -> int:
        """What is to be paid first, or a month."""
        dues = self.dues(who.person_id)
        return dues.late_centimes or dues.later_centimes or 16352

    def own_page(self, person_id: int) -> str:
        """What the person's own page shows; empty once the link has ended."""
        phone, address = self.links[person_id]
        answer = phone.get(address)
        if answer.status_code != 200:
            return ""
        if b'name="card_end"' in answer.content:
            _answer(phone, address, Person.objects.get(pk=person_id).card_number)
            answer = phone.get(address)
        return answer.content.decode()

    def day(self) -> str:
        """Today as people type it."""
        return f"{clock.today():%d/%m/%Y}"

    def who(self) -> dict[str, Any]:
        """A liaison of the fund, now: for an action's `actor` and `at`."""
        return {"actor": liaison(), "at": self.at}


Step = Callable[[World, int], None]


def liaison() -> Actor:
    """Somebody new each time: a second pair of eyes."""
    return agent(Role.FUND_LIAISON, Role.PROGRAMME_LEAD, national=True)


def _today() -> tuple[dt.date, list[Enrolment], dt.datetime]:
    """November 2026: long in arrears, a month late, never late, and paying with the tax."""
    month = dt.date(2026, 11, 1)
    taxed = {"category": "cpu", "annual_tax_dh": 640}
    people = [in_arrears(4), in_arrears(1), craftworker(), craftworker(**taxed), in_arrears(8)]
    open_reported_arrears(month, actor=system(), at=AT)
    return month, people, AT


def _under_relief() -> tuple[dt.date, list[Enrolment], dt.datetime]:
    """January 2024: two people whom law 41-23 may relieve, two whom it does not concern."""
    reported = dt.date(2023, 12, 1)
    facts: dict[str, Any] = {"effective_from": dt.date(2023, 1, 1), "reported_on": reported}
    people = [in_arrears(6, **facts), in_arrears(4, **facts), in_arrears(1, **facts)]
    people.append(craftworker(effective_from=dt.date(2023, 11, 1)))
    begun = dt.datetime(2023, 12, 20, 9, tzinfo=dt.UTC)
    open_reported_arrears(reported, actor=system(), at=begun)
    run(reported, at=begun)
    return dt.date(2024, 1, 1), people, dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)


STAGES = (_today, _under_relief)


@contextlib.contextmanager
def begun(folder: Path, stage: int = 0) -> Iterator[World]:
    """A world, with families; nothing of it stays in the database."""
    # Sessions last through the months that go by: their end is not what is told here.
    lasting = {"SESSION_COOKIE_AGE": 10**9, "UPLOADS": folder / "uploads"}
    own = mock.patch.object(session, "OPEN_FOR", dt.timedelta(days=9999))
    with transaction.atomic(), override_settings(**lasting), own:
        places()
        month, people, at = STAGES[stage]()
        with clock.stopped_at(at):
            member(people[0].person)
            child = member(people[1].person, relation="child")
            with acting(system(), at=at):
                born = at.date().replace(year=at.year - 20)
                Person.objects.filter(pk=child.person_id).update(birth_date=born)
            bring_up_to_date(EVERYONE, actor=system(), at=at)
            yield World(folder, month, people, *_doors(at, people), at)
        transaction.set_rollback(True)


def _doors(
    at: dt.datetime, people: list[Enrolment]
) -> tuple[Client, str, str, dict[int, tuple[Client, str]]]:
    long = dt.timedelta(days=999)
    page = signed_in(Role.FUND_LIAISON, province=None, language="fr")
    with acting(system(), at=at):
        Post.objects.update(held_from=dt.date(2023, 1, 1))
    operator = token("payments:write", name="Barid Cash", may_book_payments=True, lasts=long)
    hospital = token(lasts=long, checks_per_minute=1_000_000)
    links = {one.person_id: _own_page(one, at) for one in people}
    return page, operator, hospital, links


def _own_page(who: Enrolment, at: dt.datetime) -> tuple[Client, str]:
    """A phone on which the person's link is open."""
    issued = issue_personal_link(who.person_id, actor=liaison(), at=at)
    phone, address = Client(HTTP_ACCEPT_LANGUAGE="fr"), f"/mine/{issued.token}/"
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    _answer(phone, address, who.person.card_number)
    return phone, address


def _answer(phone: Client, address: str, card: str) -> None:
    answer = phone.post(address, {"card_end": card[-4:], "birth_year": "1980"})
    assert answer.status_code == 302, answer.content


@contextlib.contextmanager
def rolled_back(world: World) -> Iterator[World]:
    """The world for one history: what it does is undone afterwards, in browsers too."""
    browsers = [world.page, *(phone for phone, _ in world.links.values())]
    cookies = [copy.deepcopy(browser.cookies) for browser in browsers]
    try:
        with transaction.atomic():
            yield replace(
                world,
                people=list(world.people),
                sent=list(world.sent),
                merges=list(world.merges),
            )
            transaction.set_rollback(True)
    finally:
        for browser, kept in zip(browsers, cookies, strict=True):
            browser.cookies = kept


def newcomer() -> Person:
    """Somebody else's file, whom a list took for a stranger."""
    return person()
