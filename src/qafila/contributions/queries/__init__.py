"""What is owed, paid and still open; every figure through the scope that asks."""

from qafila.contributions.queries.accounts import Statement, StatementLine, statement_of
from qafila.contributions.queries.arrears import AGES, ArrearsBand, arrears_ageing
from qafila.contributions.queries.balance import ledger_imbalance, settlement_disagreements
from qafila.contributions.queries.called_months import MonthFigures, month_figures, month_preview
from qafila.contributions.queries.matters import work_queue, work_queue_counts
from qafila.contributions.queries.plans import Instalment, Plan, plan_of

__all__ = [
    "AGES",
    "ArrearsBand",
    "Instalment",
    "MonthFigures",
    "Plan",
    "Statement",
    "StatementLine",
    "arrears_ageing",
    "ledger_imbalance",
    "month_figures",
    "month_preview",
    "plan_of",
    "settlement_disagreements",
    "statement_of",
    "work_queue",
    "work_queue_counts",
]
