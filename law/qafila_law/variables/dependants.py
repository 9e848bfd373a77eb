# ruff: noqa: N801, N805 - OpenFisca names variables in snake case and formulas take the person
"""Dependants on the first day of a month (law 65-00, articles 5 and 6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from qafila_law.entities import Family, Person
from qafila_law.openfisca_source import law_on


class birth_date(Variable):
    value_type = date
    default_value = date(1900, 1, 1)
    entity = Person
    definition_period = ETERNITY
    label = "Date of birth"


class has_own_scheme(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Has a compulsory health insurance of their own"


class is_married(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is married"


class has_schooling_proof(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Has a valid proof of higher education"


class is_unable_to_work(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is totally, permanently and definitively unable to work"


class is_declared_elsewhere(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is declared at the body of the other parent"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Age in whole years on the first day of the month"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        born = person("birth_date", period)
        year, month, day = _parts(born)
        start = period.start
        before_birthday = (month > start.month) | ((month == start.month) & (day > start.day))
        return start.year - year - before_birthday


def _parts(days: Any) -> tuple[Any, Any, Any]:
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64) + 1970 * 12
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return number // 12, number % 12 + 1, day


class is_covered_dependant(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Is covered through the insured person of the family on the first day of the month"
    reference = "Loi 65-00, articles 5 et 6 ; loi 54-23"

    def formula_2005_08(person: Any, period: Any, parameters: Any) -> Any:
        spouse = person.has_role(Family.SPOUSE) & ~person("has_own_scheme", period)
        child = person.has_role(Family.CHILD) & ~person("is_declared_elsewhere", period)
        child &= ~person("has_own_scheme", period)
        return spouse | (child & _child_is_covered(person, period, parameters))


def _child_is_covered(person: Any, period: Any, parameters: Any) -> Any:
    law, years = law_on(parameters, period), person("age", period)
    included = law.flag("dependants.age_itself_covered")
    young = years < int(law.number("dependants.child_age")) + included
    student = years < int(law.number("dependants.student_age")) + included
    student &= person("has_schooling_proof", period) & ~person("is_married", period)
    return (years >= 0) & (young | student | person("is_unable_to_work", period))


class covered_dependants(Variable):
    value_type = int
    entity = Family
    definition_period = MONTH
    label = "Number of dependants covered on the first day of the month"

    def formula_2005_08(family: Any, period: Any, parameters: Any) -> Any:
        return family.sum(family.members("is_covered_dependant", period))
