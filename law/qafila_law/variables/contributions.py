# ruff: noqa: N801, N805 - OpenFisca names variables in snake case and formulas take the person
"""Contributions by month, in centimes: thin formulas over `contributions.rules`."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import MONTH, YEAR
from openfisca_core.variables import Variable

from qafila_law.contributions import rules
from qafila_law.entities import Person
from qafila_law.openfisca_source import law_on


class AccountsRegime(Enum):
    """Tax regimes of those who keep accounts."""

    rns = "Simplified net result regime (RNS)"
    rnr = "Real net result regime (RNR)"


class is_craftworker(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is a craftworker without accounts, not under CPU, not an auto-entrepreneur"


class is_cpu_payer(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Pays the single professional contribution (CPU)"


class is_auto_entrepreneur(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is an auto-entrepreneur"


class keeps_accounts(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is a trader or craftworker who keeps accounts"


class accounts_regime(Variable):
    value_type = Enum
    possible_values = AccountsRegime
    default_value = AccountsRegime.rns
    entity = Person
    definition_period = MONTH
    label = "Tax regime of a person who keeps accounts"


class profit_is_known(Variable):
    value_type = bool
    default_value = True
    entity = Person
    definition_period = MONTH
    label = "Whether the yearly profit is known"


class yearly_profit_dh(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Yearly profit known in this month, in whole dirhams rounded up"


class tax_return_overdue(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "The month of the first tax return has ended and no return was filed"


class annual_tax_dh(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    label = "Income tax of the months of activity of the year, in whole dirhams (centimes cut)"


class months_active(Variable):
    value_type = int
    default_value = 12
    entity = Person
    definition_period = YEAR
    label = "Months of activity in the year, 1 to 12"


class craftworker_contribution_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Contribution of a craftworker without accounts, in centimes"
    reference = "Décret 2-18-623; ministry communiqué for the coefficient 0.75"

    def formula_2022_01(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        concerned = person("is_craftworker", period)
        coefficients = concerned * np.int64(rules.craftworker_coefficient(law))
        return rules.flat_rate_centimes(coefficients, law)


class accounts_coefficient_hundredths(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Flat-rate income of a person who keeps accounts, in hundredths of the SMIG"
    reference = "Décret 2-21-751"

    def formula_2022_01(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        profit = person("yearly_profit_dh", period).astype(np.int64)
        real = rules.known_profit_coefficients(profit, law, later_steps=False)
        return _by_regime(person, period, real, rules.simplified_coefficient(law, False))

    def formula_2022_06(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        known = _known_or_not(person, period, law, later_steps=False)
        return _by_regime(person, period, known, rules.simplified_coefficient(law, False))

    def formula_2022_12(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        later = law.flag("contribution.accounts.later_steps.in_force")
        known = _known_or_not(person, period, law, later_steps=later)
        return _by_regime(person, period, known, rules.simplified_coefficient(law, later))


def _known_or_not(person: Any, period: Any, law: Any, *, later_steps: bool) -> Any:
    profit = person("yearly_profit_dh", period).astype(np.int64)
    known = rules.known_profit_coefficients(profit, law, later_steps)
    unknown = rules.unknown_profit_coefficients(person("tax_return_overdue", period), law)
    return np.where(person("profit_is_known", period), known, unknown)


def _by_regime(person: Any, period: Any, real: Any, simplified: int) -> Any:
    is_real = person("accounts_regime", period) == AccountsRegime.rnr
    return person("keeps_accounts", period) * np.where(is_real, real, np.int64(simplified))


class accounts_contribution_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Contribution of a person who keeps accounts, in centimes"
    reference = "Décret 2-21-751, décret 2-18-623"

    def formula_2022_01(person: Any, period: Any, parameters: Any) -> Any:
        coefficients = person("accounts_coefficient_hundredths", period).astype(np.int64)
        return rules.flat_rate_centimes(coefficients, law_on(parameters, period))


class whole_year_duty_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Supplementary duty of a whole year by tax band, in centimes"
    reference = "Code général des impôts, article 73-II-B-6°"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        tax = person("annual_tax_dh", period.this_year).astype(np.int64)
        months = person("months_active", period.this_year).astype(np.int64)
        whole = rules.yearly_tax_dh(tax * 100, months)
        return rules.yearly_duty_centimes(whole, law_on(parameters, period))


class cpu_contribution_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Supplementary duty of a CPU payer, counted by month, in centimes"
    reference = "Code général des impôts, article 73-II-B-6°"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        yearly = person("whole_year_duty_centimes", period).astype(np.int64)
        return person("is_cpu_payer", period) * rules.share_of_year(yearly, 1)


class auto_entrepreneur_contribution_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Supplementary duty of an auto-entrepreneur, counted by month, in centimes"
    reference = "Décret 2-21-928, Code général des impôts, article 73"

    def formula_2022_02(person: Any, period: Any, parameters: Any) -> Any:
        yearly = person("whole_year_duty_centimes", period).astype(np.int64)
        return person("is_auto_entrepreneur", period) * rules.share_of_year(yearly, 1)


class quarterly_duty_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Supplementary duty of the quarter this month is in, in centimes"
    reference = "Code général des impôts, article 73-II-B-6°"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        yearly = person("whole_year_duty_centimes", period).astype(np.int64)
        pays = person("is_cpu_payer", period) + person("is_auto_entrepreneur", period)
        return pays * rules.share_of_year(yearly, 3)


_BY_ACTIVITY = (
    "craftworker_contribution_centimes",
    "accounts_contribution_centimes",
    "cpu_contribution_centimes",
    "auto_entrepreneur_contribution_centimes",
)


class contribution_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "What the person owes for the month for all activities together, in centimes"
    reference = "Loi 98-15; end-2023 reform: one single contribution, the highest"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        return sum(person(name, period) for name in _BY_ACTIVITY)

    def formula_2024_01(person: Any, period: Any, parameters: Any) -> Any:
        if not law_on(parameters, period).flag("contribution.several_activities.single_highest"):
            return sum(person(name, period) for name in _BY_ACTIVITY)
        return np.maximum.reduce([person(name, period) for name in _BY_ACTIVITY])
