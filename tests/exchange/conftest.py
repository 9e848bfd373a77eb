"""After every test here the books are held against each other."""

from tests.contributions.conftest import _books_agree, _in_the_language_of_the_source

__all__ = ["_books_agree", "_in_the_language_of_the_source"]
