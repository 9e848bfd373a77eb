"""Categories of insured people and the tax regimes the amounts turn on."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from qafila_law.errors import UnknownCategoryError, UnknownChoiceError, UnknownRegimeError


class Category(StrEnum):
    """Why a person is in the scheme; one person may be in several."""

    CRAFTWORKER = "craftworker"
    CPU = "cpu"
    AUTO_ENTREPRENEUR = "auto-entrepreneur"
    ACCOUNTS = "accounts"

    @property
    def pays_with_tax(self) -> bool:
        """Whether the amount is a duty collected with the tax, by tax band."""
        return self in (Category.CPU, Category.AUTO_ENTREPRENEUR)

    @property
    def key(self) -> str:
        """The category's name in parameter paths and catalogues."""
        return self.value.replace("-", "_")


class Regime(StrEnum):
    """Tax regime of those who keep accounts."""

    SIMPLIFIED = "rns"
    REAL = "rnr"


def category_of(name: str) -> Category:
    """The category called `name`; UnknownCategoryError otherwise."""
    try:
        return Category(name.strip().lower().replace("_", "-"))
    except ValueError:
        raise UnknownCategoryError(
            category=name, known=", ".join(category.value for category in Category)
        ) from None


def regime_of(name: str) -> Regime:
    """The regime called `name` (rns or rnr); UnknownRegimeError otherwise."""
    try:
        return Regime(name.strip().lower())
    except ValueError:
        raise UnknownRegimeError(regime=name, known="rns, rnr") from None


Choice = TypeVar("Choice", bound=StrEnum)


def choice_of(kind: type[Choice], name: str, value: str) -> Choice:
    """`value` among the words of `kind`; UnknownChoiceError, naming the choice, otherwise."""
    try:
        return kind(value.strip().lower())
    except ValueError:
        raise UnknownChoiceError(name=name, value=value, known=", ".join(kind)) from None
