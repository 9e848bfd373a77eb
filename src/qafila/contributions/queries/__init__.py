"""What is owed, paid and still open; every figure through the scope that asks."""

from qafila.contributions.queries.accounts import Statement, StatementLine, statement_of
from qafila.contributions.queries.arrears import (
    ArrearsBand,
    InArrears,
    arrears_ageing,
    arrears_bands,
    arrears_queue,
    overdue_of,
)
from qafila.contributions.queries.balance import ledger_imbalance, settlement_disagreements
from qafila.contributions.queries.called_months import MonthFigures, month_figures, month_preview
from qafila.contributions.queries.differences import (
    CategoryDifferences,
    ChangedCall,
    changed_calls,
    run_differences,
)
from qafila.contributions.queries.matters import (
    Matter,
    work_items,
    work_queue,
    work_queue_counts,
)
from qafila.contributions.queries.notes import (
    NoteTold,
    waiting_notes,
    waiting_notes_count,
)
from qafila.contributions.queries.payments import (
    MonthPaid,
    PaymentTold,
    get_payment,
    payments_of,
)
from qafila.contributions.queries.plans import Instalment, Plan, plan_of

__all__ = [
    "ArrearsBand",
    "CategoryDifferences",
    "ChangedCall",
    "InArrears",
    "Instalment",
    "Matter",
    "MonthFigures",
    "MonthPaid",
    "NoteTold",
    "PaymentTold",
    "Plan",
    "Statement",
    "StatementLine",
    "arrears_ageing",
    "arrears_bands",
    "arrears_queue",
    "changed_calls",
    "get_payment",
    "ledger_imbalance",
    "month_figures",
    "month_preview",
    "overdue_of",
    "payments_of",
    "plan_of",
    "run_differences",
    "settlement_disagreements",
    "statement_of",
    "waiting_notes",
    "waiting_notes_count",
    "work_items",
    "work_queue",
    "work_queue_counts",
]
