"""Everything that changes contributions: runs, arrears, payments, corrections, relief, queues."""

from qafila.contributions.actions.arrears import ArrearsOutcome, refresh_arrears
from qafila.contributions.actions.closing import close_month, prepare_months
from qafila.contributions.actions.corrections import CorrectionsOutcome, post_corrections
from qafila.contributions.actions.notes import (
    PaymentNoted,
    Receipt,
    note_payment,
    take_back_note,
)
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
from qafila.contributions.actions.year_facts import (
    choose_year_payment,
    settle_final_tax,
    unsettle_final_tax,
)
from qafila.contributions.actions.years import YearsSettled, settle_tax_years

__all__ = [
    "ArrearsOutcome",
    "CorrectionsOutcome",
    "OpeningOutcome",
    "PaymentFileOutcome",
    "PaymentNoted",
    "PaymentOutcome",
    "PlanOutcome",
    "PlansReviewed",
    "Receipt",
    "ReliefOutcome",
    "RunOutcome",
    "SearchOutcome",
    "YearsSettled",
    "agree_plan",
    "apply_for_relief",
    "book_payment_file",
    "choose_year_payment",
    "close_month",
    "end_plan",
    "end_work_item",
    "find_anomalies",
    "note_payment",
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
    "settle_final_tax",
    "settle_tax_years",
    "take_back_note",
    "unsettle_final_tax",
]
