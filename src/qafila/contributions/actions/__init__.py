"""Everything that changes contributions: runs, arrears, payments, corrections, relief, queues."""

from qafila.contributions.actions.arrears import ArrearsOutcome, refresh_arrears
from qafila.contributions.actions.closing import close_month, prepare_months
from qafila.contributions.actions.corrections import CorrectionsOutcome, post_corrections
from qafila.contributions.actions.opening import OpeningOutcome, open_reported_arrears
from qafila.contributions.actions.payment_files import PaymentFileOutcome, book_payment_file
from qafila.contributions.actions.payments import PaymentOutcome, record_payment, reverse_payment
from qafila.contributions.actions.plans import (
    PlanOutcome,
    PlansReviewed,
    agree_plan,
    end_plan,
    review_plans,
)
from qafila.contributions.actions.proving import prove_books
from qafila.contributions.actions.relief import (
    ReliefOutcome,
    apply_for_relief,
    review_relief,
)
from qafila.contributions.actions.runs import RunOutcome, run_month
from qafila.contributions.actions.work_items import (
    SearchOutcome,
    end_work_item,
    find_anomalies,
)

__all__ = [
    "ArrearsOutcome",
    "CorrectionsOutcome",
    "OpeningOutcome",
    "PaymentFileOutcome",
    "PaymentOutcome",
    "PlanOutcome",
    "PlansReviewed",
    "ReliefOutcome",
    "RunOutcome",
    "SearchOutcome",
    "agree_plan",
    "apply_for_relief",
    "book_payment_file",
    "close_month",
    "end_plan",
    "end_work_item",
    "find_anomalies",
    "open_reported_arrears",
    "post_corrections",
    "prepare_months",
    "prove_books",
    "record_payment",
    "refresh_arrears",
    "reverse_payment",
    "review_plans",
    "review_relief",
    "run_month",
]
