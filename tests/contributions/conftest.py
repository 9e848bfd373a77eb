"""After every test here the books are held against each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.books import books_agree
from tests.register.factories import places

__all__ = ["books_agree"]


@pytest.fixture(autouse=True)
def _in_the_language_of_the_source() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _three_provinces(request: pytest.FixtureRequest, books_agree: None) -> None:
    if request.node.get_closest_marker("django_db") is not None:
        places()
