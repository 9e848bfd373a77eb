"""What can be wrong with a question put to the law: a code, its facts, and a sentence to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class LawError(ValueError):
    """A question the law cannot answer. `code` is stable; `error_sentence` tells it to people."""

    code: ClassVar[str] = "law_error"

    def __init__(self, **params: object) -> None:
        self.params: Mapping[str, object] = params
        facts = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{self.code}: {facts}")

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # worker processes send refusals back to the one that started them
        return _rebuilt, (type(self), dict(self.params))


def _rebuilt(kind: type[LawError], params: Mapping[str, object]) -> LawError:
    return kind(**params)


class UnknownParameterError(LawError):
    code = "unknown_parameter"


class NoRuleYetError(LawError):
    code = "no_rule_yet"


class UnknownCategoryError(LawError):
    code = "unknown_category"


class UnknownRegimeError(LawError):
    code = "unknown_regime"


class UnknownChoiceError(LawError):
    code = "unknown_choice"


class UnknownLanguageError(LawError):
    code = "unknown_language"


class BadMonthError(LawError):
    code = "bad_month"


class BadDateError(LawError):
    code = "bad_date"


class BadAmountError(LawError):
    code = "bad_amount"


class NegativeAmountError(LawError):
    code = "negative_amount"


class BadMonthsActiveError(LawError):
    code = "bad_months_active"


class MonthBeforeSchemeError(LawError):
    code = "month_before_scheme"


class MissingFactError(LawError):
    code = "missing_fact"


class ContradictoryFactsError(LawError):
    code = "contradictory_facts"


class ClaimBeforeCareError(LawError):
    code = "claim_before_care"


class UnknownReformError(LawError):
    code = "unknown_reform"


class BadFactError(LawError):
    code = "bad_fact"
