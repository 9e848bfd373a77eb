"""Rights follow money: after every test here the books are held against each other."""

from __future__ import annotations

from tests.books import books_agree

__all__ = ["books_agree"]
