"""Staff at work: a browser signed in with one role in one province, or in the whole country."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from tests.register.factories import AT, system

from qafila.foundation.actors import Actor, Role
from qafila.foundation.trail import acting
from qafila.institutions.access import actor_of
from qafila.institutions.models import Account, Institution, Post

AGADIR, SETTAT = "09.001", "06.141"
_serial = itertools.count(1)
_CHANGING = re.compile(rb'(name="(?:csrfmiddlewaretoken|command_id)" value=")[^"]*"')


def signed_in(
    role: Role,
    *,
    province: str | None = AGADIR,
    language: str = "fr",
    since: dt.date = dt.date(2026, 1, 1),
) -> Client:
    """A browser of someone with this role; `province` None is the whole country."""
    with acting(system(), at=AT):
        chamber, _ = Institution.objects.get_or_create(
            kind="chamber_crafts", name_fr="Chambre", city="Agadir", confidence="high"
        )
        account = Account.objects.create_user(
            f"{role}{next(_serial)}@example.ma", "safran-argane-1979", name=f"Agent {role}"
        )
        Post.objects.create(
            account=account, role=role, institution=chamber, national=province is None,
            province_id=province, held_from=since,
        )  # fmt: skip
        Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Client(HTTP_ACCEPT_LANGUAGE="fr")
    client.force_login(account)
    client.cookies["qafila_language"] = language
    client.account = account  # type: ignore[attr-defined]
    return client


def actor_behind(client: Client) -> Actor:
    """The actor of a signed-in browser."""
    return actor_of(client.account, on=AT.date())  # type: ignore[attr-defined]


def in_language(client: Client, language: str) -> Client:
    """The same browser with another language chosen."""
    client.cookies["qafila_language"] = language
    return client


def steady(content: bytes) -> bytes:
    """A page without what differs each time: form tokens and command ids."""
    return _CHANGING.sub(rb'\1"', content).strip()


def fragment_and_page(client: Client, path: str) -> tuple[bytes, bytes]:
    """What htmx gets, and the whole page, both made comparable."""
    fragment: Any = client.get(path, headers={"HX-Request": "true"})
    page: Any = client.get(path)
    assert (fragment.status_code, page.status_code) == (200, 200)
    assert "HX-Request" in fragment.headers["Vary"]
    return steady(fragment.content), steady(page.content)


def text_of(response: Any, status: int = 200) -> str:
    """The page as it is read, entities undone and spaces plain, once it answered with `status`."""
    assert response.status_code == status
    return html.unescape(response.content.decode()).replace("\xa0", " ")
