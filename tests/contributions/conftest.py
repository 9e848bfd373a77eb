"""After every test here the books are held against each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.books import require_agreement, uses_database
from tests.register.factories import places


@pytest.fixture(autouse=True)
def _in_the_language_of_the_source() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _books_agree(request: pytest.FixtureRequest) -> Iterator[None]:
    if not uses_database(request):
        yield
        return
    request.getfixturevalue("db")
    places()
    yield
    require_agreement()
