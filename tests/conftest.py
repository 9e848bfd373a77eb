"""Fixtures and traps that every test runs under."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.template.base import FilterExpression
from django.utils import translation
from oauth2_provider.settings import oauth2_settings

from qafila.foundation.actors import Actor
from qafila.foundation.database.fresh import migrated_template
from qafila.foundation.trail import system_actor
from tests_paths import SAMPLE_LISTS


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not walk it each time.

    It walks the rest less often: a sixth of the processor time of the tests went into it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Each worker's database is copied from one that is migrated already."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    """Argon2 is slow on purpose; tests make many accounts and clients, and test none of it.

    It stays beside the quick one for what other processes hashed. What they are to check is
    hashed by it alone.
    """
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    oauth2_settings.CLIENT_SECRET_HASHER = "md5"


@pytest.fixture
def hashed_as_served(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and secrets hashed as an installation does: another process is to check them."""
    settings.PASSWORD_HASHERS = [one for one in settings.PASSWORD_HASHERS if "MD5" not in one]
    monkeypatch.setattr(oauth2_settings, "CLIENT_SECRET_HASHER", "argon2")


@pytest.fixture
def at() -> dt.datetime:
    """The moment at which things happen in tests."""
    return dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def system(db: None) -> Actor:
    """The system's own actor."""
    return system_actor("tests")


@pytest.fixture
def reference(system: Actor, at: dt.datetime) -> None:
    """Places, institutions and trades, as every installation has them."""
    from qafila.institutions.actions import load_institutions
    from qafila.places.actions import load_places
    from qafila.register.actions import load_trades

    load_places(actor=system, at=at)
    load_institutions(actor=system, at=at)
    load_trades(actor=system, at=at)


@pytest.fixture
def sample_lists() -> Path:
    """The folder of the six lists as institutions exchange them."""
    return SAMPLE_LISTS


class _UndefinedVariable:
    """Put in place of `string_if_invalid`: rendering an undefined variable fails the test."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template uses an undefined variable: {name}.")

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __bool__(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _sentences_in_english() -> Iterator[None]:
    """Sentences are compared as they stand in the code; pages choose their language themselves."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _undefined_template_variables_fail() -> Iterator[None]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    original = FilterExpression.resolve
    trap = _UndefinedVariable()

    def resolve(self: Any, context: Any, ignore_failures: bool = False) -> Any:
        # Only our own templates: the sign-in library's rely on missing variables being empty.
        origin = getattr(getattr(context, "template", None), "origin", None)
        ours = "/src/qafila/" in str(getattr(origin, "name", ""))
        engine.string_if_invalid = trap if ours else ""
        return original(self, context, ignore_failures)

    FilterExpression.resolve = resolve  # type: ignore[method-assign]
    yield
    FilterExpression.resolve = original  # type: ignore[method-assign]
    engine.string_if_invalid = ""
