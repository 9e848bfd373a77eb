"""Morocco's compulsory health insurance (AMO) for the self-employed, as code.

Import the answers from here; nothing of OpenFisca shows through. `CountryTaxBenefitSystem` is for
the OpenFisca commands and is loaded only when asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qafila_law.care import (
    Care,
    LongIllness,
    Place,
    Reimbursement,
    appeal_deadline,
    claim_deadline,
    claim_in_time,
    reimbursement,
)
from qafila_law.contributions.amounts import (
    Amount,
    Due,
    YearlyBalance,
    contributions_due,
    first_month,
    monthly_amount,
    yearly_balance,
)
from qafila_law.contributions.batches import (
    People,
    amounts_of,
    monthly_amounts,
    rows_due,
)
from qafila_law.contributions.calls import Call
from qafila_law.contributions.categories import Category, Regime
from qafila_law.contributions.due_dates import due_date
from qafila_law.contributions.payment_rules import (
    allocation_order,
    instalments_reopen_rights,
)
from qafila_law.contributions.penalties import Penalty, late_filing_penalty, penalty
from qafila_law.contributions.relief import Relief, ReliefCourse, relief
from qafila_law.errors import LawError
from qafila_law.money import centimes_of, dirhams
from qafila_law.months import day_of, month_of
from qafila_law.parameter_tree import doubtful_values, parameters_without_reference
from qafila_law.rights.answers import RightsAnswer, rights
from qafila_law.rights.batches import rights_batch, rights_on
from qafila_law.rights.dependant_batches import dependants_batch
from qafila_law.rights.dependant_rights import dependant_periods, dependant_standing
from qafila_law.rights.dependants import (
    Custody,
    Dependant,
    DependantAnswer,
    Family,
    Link,
    Proof,
    Spell,
    dependants,
)
from qafila_law.rights.rights import RightsPeriod, opening_day, rights_periods
from qafila_law.rights.rights_facts import (
    Enrolment,
    Excuse,
    ExcuseKind,
    RightsFacts,
    if_all_paid,
)
from qafila_law.rights.standings import Status
from qafila_law.rights.waiting_period import waiting_months
from qafila_law.steps import Step
from qafila_law.wording.catalogues import LANGUAGES, SOURCE_LANGUAGE
from qafila_law.wording.facts import (
    read_calls,
    read_facts,
    read_family,
    read_json_file,
    read_rights_facts,
)
from qafila_law.wording.records import record
from qafila_law.wording.references import reference_in
from qafila_law.wording.sentences import error_sentence, explain, labels

if TYPE_CHECKING:
    from qafila_law.system import CountryTaxBenefitSystem

__all__ = [
    "LANGUAGES",
    "SOURCE_LANGUAGE",
    "Amount",
    "Call",
    "Care",
    "Category",
    "CountryTaxBenefitSystem",
    "Custody",
    "Dependant",
    "DependantAnswer",
    "Due",
    "Enrolment",
    "Excuse",
    "ExcuseKind",
    "Family",
    "LawError",
    "Link",
    "LongIllness",
    "Penalty",
    "People",
    "Place",
    "Proof",
    "Regime",
    "Reimbursement",
    "Relief",
    "ReliefCourse",
    "RightsAnswer",
    "RightsFacts",
    "RightsPeriod",
    "Spell",
    "Status",
    "Step",
    "YearlyBalance",
    "allocation_order",
    "amounts_of",
    "appeal_deadline",
    "centimes_of",
    "claim_deadline",
    "claim_in_time",
    "contributions_due",
    "day_of",
    "dependant_periods",
    "dependant_standing",
    "dependants",
    "dependants_batch",
    "dirhams",
    "doubtful_values",
    "due_date",
    "error_sentence",
    "explain",
    "first_month",
    "if_all_paid",
    "instalments_reopen_rights",
    "labels",
    "late_filing_penalty",
    "month_of",
    "monthly_amount",
    "monthly_amounts",
    "opening_day",
    "parameters_without_reference",
    "penalty",
    "read_calls",
    "read_facts",
    "read_family",
    "read_json_file",
    "read_rights_facts",
    "record",
    "reference_in",
    "reimbursement",
    "relief",
    "rights",
    "rights_batch",
    "rights_on",
    "rights_periods",
    "rows_due",
    "waiting_months",
    "yearly_balance",
]


def __getattr__(name: str) -> Any:
    if name == "CountryTaxBenefitSystem":
        from qafila_law.system import CountryTaxBenefitSystem

        return CountryTaxBenefitSystem
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
