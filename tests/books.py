"""The proof of double entry, for every folder of tests that touches money.

Import `books_agree` in a folder's conftest: after each test with a database, every posting has to
add up to zero and every derived column to agree with its rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)


@pytest.fixture(autouse=True)
def books_agree(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold the books against each other after the test."""
    if not uses_database(request):
        yield
        return
    request.getfixturevalue("db")
    yield
    require_agreement()


def uses_database(request: pytest.FixtureRequest) -> bool:
    """Whether the test is marked as one with a database."""
    return request.node.get_closest_marker("django_db") is not None


def require_agreement() -> None:
    """Fail unless the books are balanced and agree with each other."""
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []
