"""After every test here the books are held against each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.register.factories import places

from qafila.contributions.queries import ledger_imbalance, settlement_disagreements


@pytest.fixture(autouse=True)
def _in_the_language_of_the_source() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _books_agree(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    places()
    yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []
