"""What the contributions room refuses, each with a sentence a person can act on."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.foundation.errors import DomainError


class MonthClosed(DomainError):
    """The month of the books is closed: it is never rewritten."""

    code = "month_closed"
    template = _(
        "The month %(month)s is closed and is not rewritten. Post a correction in an open month."
    )

    def __init__(self, *, month: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class RunUnderWay(DomainError):
    """Another run of the same month holds the lock."""

    code = "run_under_way"
    template = _(
        "The run of %(month)s is already under way elsewhere. Wait until it ends; nothing is "
        "called twice."
    )

    def __init__(self, *, month: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class MonthNotRun(DomainError):
    """A month cannot be closed before its calls are posted."""

    code = "month_not_run"
    template = _("The contributions of %(month)s have not been called yet. Run the month first.")

    def __init__(self, *, month: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class MonthOutsideScheme(DomainError):
    """No category owes anything for this month yet."""

    code = "month_outside_scheme"
    template = _(
        "Nothing is due for %(month)s: the first month of the scheme is %(first)s. Check the month."
    )

    def __init__(self, *, month: dt.date, first: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}", first=f"{first:%Y-%m}")


class NoAmountByLaw(DomainError):
    """The law gave nothing to call where something must be due."""

    code = "no_amount_by_law"
    template = _(
        "The law gives no amount above zero for the category %(category)s in %(month)s. "
        "Check the parameters of that month before running it."
    )


class BadPayment(DomainError):
    """A single payment that cannot be booked; `problem` is a code of `payment_problems`."""

    code = "bad_payment"
    template = _("The payment %(reference)s was not booked. %(problem)s")


class AlreadyReversed(DomainError):
    """The payment was taken back before."""

    code = "already_reversed"
    template = _("The payment %(reference)s was already reversed on %(day)s. Nothing was changed.")


class ReliefNotPossible(DomainError):
    """The law does not give relief; the sentence is the law's own explanation of its answer."""

    code = "relief_not_possible"
    template = _("Law 41-23 gives no relief here. %(why)s Offer payment in parts instead.")

    def __init__(self, *, answer: qafila_law.Relief) -> None:
        super().__init__(answer=answer.status)
        self.answer = answer

    def sentence(self) -> str:
        """What the law says of the person's months, and what to offer."""
        spoken = get_language() or qafila_law.SOURCE_LANGUAGE
        language = spoken if spoken in qafila_law.LANGUAGES else qafila_law.SOURCE_LANGUAGE
        return str(self.template) % {
            "why": " ".join(qafila_law.explain(self.answer.steps, language))
        }


class PlanUnderWay(DomainError):
    """A person has one running plan at a time."""

    code = "plan_under_way"
    template = _("A plan of instalments is running already. End it before agreeing another.")


class NothingOverdue(DomainError):
    """A plan is about overdue months only."""

    code = "nothing_overdue"
    template = _("Nothing is overdue, so there is nothing to pay in instalments.")


class PlanNotPossible(DomainError):
    """The terms of a plan, or the reason of its end, are not acceptable; `problem` says which."""

    code = "plan_not_possible"

    def __init__(self, *, problem: str, **params: object) -> None:
        super().__init__(problem=problem, **params)

    def sentence(self) -> str:
        """What is wrong with the terms, and what is possible."""
        return str(_PLAN_PROBLEMS[self.params["problem"]]) % self.params


_PLAN_PROBLEMS = {
    "instalments": _("Choose between %(fewest)s and %(most)s instalments."),
    "first_due_on": _(
        "The first instalment must be due between %(earliest)s and %(latest)s. Choose another day."
    ),
    "reason": _("Say in a few words why the plan ends."),
}


class LanguageNotPrinted(DomainError):
    """Papers come in Arabic, French and Amazigh."""

    code = "language_not_printed"
    template = _("Papers are not printed in “%(language)s”. Choose one of: %(known)s.")


class SparkMissing(DomainError):
    """A run was to be reckoned on Spark, which is not installed or cannot be started."""

    code = "spark_missing"
    template = _(
        "Spark cannot be started, and nothing was called. Install qafila[spark] and Java 17, or "
        "run the month with the local engine."
    )


class YearAlreadyCalled(DomainError):
    """The whole year was called at once: it is not cut into quarters afterwards."""

    code = "year_already_called"
    template = _(
        "The year %(year)s was already called whole. Choose payment by the quarter for the year "
        "after."
    )


class ReceiptNotedBefore(DomainError):
    """The same receipt is noted already, for this person or another."""

    code = "receipt_noted_before"
    template = _(
        "The receipt %(reference)s was noted before. Look at the person's payments, or check the "
        "number on the paper."
    )


class NoteNotWaiting(DomainError):
    """The note was confirmed by its payment, or taken back, meanwhile."""

    code = "note_not_waiting"
    template = _("This note was confirmed or taken back meanwhile. Nothing was changed.")
