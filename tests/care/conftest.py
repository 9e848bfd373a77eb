"""Sentences are compared in English, the language they are written in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.books import books_agree

__all__ = ["books_agree"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield
