"""Institutions and a small staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from qafila.foundation.actors import Actor, Role, Scope
from qafila.institutions.access import actor_of
from qafila.institutions.actions import create_account, load_institutions
from qafila.institutions.models import Account, Institution
from qafila.institutions.terms import PostTerms
from qafila.places.actions import load_places

TODAY = dt.date(2026, 11, 22)
MakeTerms = Callable[..., PostTerms]
MakeAccount = Callable[..., Account]


@pytest.fixture
def institutions(system: Actor, at: dt.datetime) -> None:
    """Places and institutions, loaded."""
    load_places(actor=system, at=at)
    load_institutions(actor=system, at=at)


@pytest.fixture
def terms(institutions: None) -> MakeTerms:
    """Makes terms of a post at the chamber of crafts of Souss-Massa, held since 2026-01-01."""
    chamber = Institution.objects.get(kind="chamber_crafts", region_id="09")

    def make(role: str = "counter_agent", **changes: object) -> PostTerms:
        given = {"institution_id": chamber.pk, "held_from": dt.date(2026, 1, 1)} | changes
        if not {"national", "region_id", "province_id"} & changes.keys():
            given["province_id"] = "09.541"
        return PostTerms(role, **given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_account(system: Actor, at: dt.datetime, institutions: None) -> MakeAccount:
    """Makes an account "who@qafila.example" with the given first post."""

    def make(who: str, first_post: PostTerms | None = None) -> Account:
        email = f"{who}@qafila.example"
        made = create_account(email=email, name=who, first_post=first_post, actor=system, at=at)
        return Account.objects.get(pk=made.account_id)

    return make


@pytest.fixture
def brahim(make_account: MakeAccount, terms: MakeTerms) -> Actor:
    """Administrator of the whole country."""
    account = make_account("brahim", terms("administrator", national=True))
    return actor_of(account, on=TODAY)


@pytest.fixture
def regional(make_account: MakeAccount, terms: MakeTerms) -> Actor:
    """Administrator of Souss-Massa alone."""
    account = make_account("regional", terms("administrator", region_id="09"))
    return actor_of(account, on=TODAY)


def someone(role: Role) -> Actor:
    """An actor without an account, in one role over the whole country."""
    return Actor.holding(0, "someone", {role}, Scope(national=True))
