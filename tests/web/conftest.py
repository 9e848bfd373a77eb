"""Staff who sign in: Driss at a counter, Amal who leads the programme (and must decide)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.test import Client
from tests.register.factories import AT, places

from qafila.foundation import clock
from qafila.foundation.actors import Actor, Role
from qafila.foundation.trail import acting
from qafila.institutions.models import Account, Institution, Post

PASSWORD = "safran-argane-1979"


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    """WhiteNoise warns about a missing folder, and warnings fail tests."""
    Path(project_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> None:
    """The cache lives in the database: tests that ask for none have none to clear."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


def _account(actor: Actor, at: dt.datetime, name: str, role: Role) -> Account:
    with acting(actor, at=at):
        chamber, _ = Institution.objects.get_or_create(
            kind="chamber", name_fr="Chambre d'artisanat", city="Agadir", confidence="high"
        )
        account = Account.objects.create_user(f"{role}@example.ma", PASSWORD, name=name)
        Post.objects.create(
            account=account,
            role=role,
            institution=chamber,
            national=True,
            held_from=dt.date(2026, 1, 1),
        )
    return account


@pytest.fixture
def driss(system: Actor, at: dt.datetime) -> Account:
    """A counter agent: no decision, no second factor asked for."""
    return _account(system, at, "Driss El Ouafi", Role.COUNTER_AGENT)


@pytest.fixture
def amal(system: Actor, at: dt.datetime) -> Account:
    """The programme lead: the second factor is compulsory."""
    return _account(system, at, "Amal Bennani", Role.PROGRAMME_LEAD)


@pytest.fixture
def driss_client(client: Client, driss: Account) -> Client:
    """A browser in which Driss is signed in."""
    client.force_login(driss)
    return client


@pytest.fixture
def stage(db: None) -> Iterator[None]:
    """The places of the country, on the day of the factories."""
    places()
    with clock.stopped_at(AT):
        yield
