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


class MonthNotOver(DomainError):
    """A month is closed once it is over."""

    code = "month_not_over"
    template = _(
        "The month %(month)s is not over: payments of it can still come. Close it after its last "
        "day."
    )


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


class MonthReportedByFund(DomainError):
    """The fund itself reported what was owed for this month."""

    code = "month_reported_by_fund"
    template = _(
        "%(month)s is not called: what was owed until then is what the fund reported, and it is "
        "opened from that report. The first month to call is %(first)s."
    )

    def __init__(self, *, month: dt.date, first: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}", first=f"{first:%Y-%m}")


class MonthTooFarAhead(DomainError):
    """More than a year ahead nobody knows what will be owed."""

    code = "month_too_far_ahead"
    template = _(
        "%(month)s is too far ahead to be called: the last month possible today is %(last)s. Check "
        "the year."
    )

    def __init__(self, *, month: dt.date, last: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}", last=f"{last:%Y-%m}")


class MonthToBeNamed(DomainError):
    """The month is not the one that comes next: its name has to be typed."""

    code = "month_to_be_named"
    template = _(
        "The next month to call is %(following)s, not %(month)s. If %(month)s is really meant, "
        "type its name, %(month)s, to confirm."
    )

    def __init__(self, *, month: dt.date, following: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}", following=f"{following:%Y-%m}")


class MonthBeingCounterPosted(DomainError):
    """The run of the month is being counter-posted."""

    code = "month_being_counter_posted"
    template = _(
        "The run of %(month)s is being counter-posted. Wait until that is done; then the month can "
        "be called again."
    )

    def __init__(self, *, month: dt.date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class CounterPostingNotPossible(DomainError):
    """A run cannot be counter-posted as asked; `problem` says why."""

    code = "counter_posting_not_possible"

    def __init__(self, *, problem: str, month: dt.date) -> None:
        super().__init__(problem=problem, month=f"{month:%Y-%m}")

    def sentence(self) -> str:
        """What is wrong, and what to do."""
        return str(_COUNTER_POSTING_PROBLEMS[self.params["problem"]]) % self.params


_COUNTER_POSTING_PROBLEMS = {
    "not_posted": _("The run of %(month)s is not posted, so there is nothing to counter-post."),
    "reason": _("Say in a few words why the run of %(month)s is counter-posted."),
    "asked": _(
        "The counter-posting of %(month)s was asked for already and waits for a second person."
    ),
    "not_asked": _("No counter-posting of %(month)s waits for a decision. Nothing was changed."),
    "same_person": _(
        "A second person has to confirm the counter-posting of %(month)s, other than the one who "
        "asked for it."
    ),
    "year_settled": _(
        "The year of %(month)s was settled by its final taxes, so its run can no "
        "longer be counter-posted. Correct single files instead."
    ),
}


class ReopeningNotPossible(DomainError):
    """A closed month cannot be opened again as asked; `problem` says why."""

    code = "reopening_not_possible"

    def __init__(self, *, problem: str, month: dt.date, later: dt.date | None = None) -> None:
        told = f"{later:%Y-%m}" if later else ""
        super().__init__(problem=problem, month=f"{month:%Y-%m}", later=told)

    def sentence(self) -> str:
        """What is wrong, and what to do."""
        return str(_REOPENING_PROBLEMS[self.params["problem"]]) % self.params


_REOPENING_PROBLEMS = {
    "not_closed": _("The month %(month)s is not closed, so there is nothing to open again."),
    "later_closed": _(
        "A later month, %(later)s, is closed too. Open that one first, or book in the open month."
    ),
    "reason": _("Say in a few words why %(month)s is opened again."),
    "asked": _("The reopening of %(month)s was asked for already and waits for a second person."),
    "not_asked": _("No reopening of %(month)s waits for a decision. Nothing was changed."),
    "same_person": _(
        "A second person has to confirm the reopening of %(month)s, other than the one who asked "
        "for it."
    ),
}


class RefundNotPossible(DomainError):
    """Money cannot be given back as asked; `problem` says why."""

    code = "refund_not_possible"

    def __init__(self, *, problem: str, **params: object) -> None:
        super().__init__(problem=problem, **params)

    def sentence(self) -> str:
        """What is wrong, and what to do."""
        return str(_REFUND_PROBLEMS[self.params["problem"]]) % self.params


_REFUND_PROBLEMS = {
    "amount": _("The amount to give back must be above zero."),
    "reason": _("Say in a few words why the money is given back."),
    "heirs": _(
        "The person died: the money goes to the heirs. Write who receives it, and the deed of "
        "heirs that shows it."
    ),
    "alive": _(
        "No death is recorded in this file, so its money is not the heirs'. Record the death first."
    ),
    "credit": _(
        "The person's credit is %(credit)s DH, less than the %(asked)s DH asked for. Ask "
        "for that much at most."
    ),
    "asked": _("A refund of this person waits for a second person already. Decide it first."),
    "not_asked": _("This refund was decided meanwhile. Nothing was changed."),
    "same_person": _(
        "A second person has to approve the refund, other than the one who asked for it."
    ),
    "not_approved": _("This refund is not waiting to be paid. Nothing was changed."),
    "line": _("Write the reference of the bank's line, with 60 characters at most."),
    "line_used": _("Another refund bears the bank's line %(line)s already. Check the statement."),
    "day": _("The day must lie between the decision and today. Check it."),
    "not_paid": _("This refund was not paid out, so it cannot have come back."),
}


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
    """A run was to be assessed on Spark, which is not installed or cannot be started."""

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
        "The receipt %(reference)s is already recorded. See the person's payments, or check the "
        "number on the receipt."
    )


class NoteNotWaiting(DomainError):
    """The note was confirmed by its payment, or taken back, meanwhile."""

    code = "note_not_waiting"
    template = _("This receipt was confirmed or cancelled meanwhile. Nothing was changed.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    template = _("Another person has to confirm it, other than the one who said what was done.")
