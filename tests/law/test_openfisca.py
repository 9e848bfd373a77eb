"""The OpenFisca system answers what the plain functions answer, and its YAML tests pass."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from openfisca_core.simulations import SimulationBuilder

from qafila_law import monthly_amount
from qafila_law.contributions.batches import (
    CATEGORIES,
    REGIMES,
    UNKNOWN,
    People,
    amounts_of,
)
from qafila_law.openfisca_source import law_on
from qafila_law.parameter_tree import ParametersOn, all_parameters
from qafila_law.parameter_tree import value_at as plain_value_at
from qafila_law.system import CountryTaxBenefitSystem

LAW = Path(__file__).resolve().parents[2] / "law"
YAML_TESTS = sorted((LAW / "tests").glob("*.yaml"))


@pytest.fixture(scope="module")
def system() -> Any:
    return CountryTaxBenefitSystem()


@pytest.mark.slow
def test_yaml_tests_pass_under_the_documented_command() -> None:
    command = [sys.executable, "-m", "openfisca_core.scripts.openfisca_command"]
    done = subprocess.run(
        [*command, "test", "--country-package", "qafila_law", str(LAW / "tests")],
        capture_output=True, text=True, check=False, cwd=LAW,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    written = sum(len(yaml.safe_load(file.read_text("utf-8"))) for file in YAML_TESTS)
    assert f"{written} passed" in done.stdout


def test_every_variable_of_the_law_is_tested_in_yaml(system: Any) -> None:
    told = "\n".join(file.read_text(encoding="utf-8") for file in YAML_TESTS)
    computed = [name for name, variable in system.variables.items() if variable.formulas]
    assert [name for name in computed if name not in told and name != "age"] == [
        "accounts_coefficient_hundredths"
    ]


@pytest.mark.parametrize("month", ["2022-02", "2022-06", "2023-12", "2026-11"])
def test_simulation_equals_the_batch(system: Any, month: str) -> None:
    count, rng = 3000, np.random.default_rng(7)
    category = rng.integers(0, 4, count).astype(np.int8)
    tax, profit = rng.integers(0, 60_000, count), rng.integers(0, 250_000, count)
    active = rng.integers(1, 13, count)
    regime = rng.integers(0, 2, count).astype(np.int8)
    people = People(
        category, tax * 100, active, regime, profit * 100, np.full(count, UNKNOWN, np.int64)
    )
    simulation = SimulationBuilder().build_default_simulation(system, count=count)
    flags = ("is_craftworker", "is_cpu_payer", "is_auto_entrepreneur", "keeps_accounts")
    for place, flag in enumerate(flags):
        simulation.set_input(flag, month, category == place)
    simulation.set_input("annual_tax_dh", month[:4], tax)
    simulation.set_input("months_active", month[:4], active)
    simulation.set_input("yearly_profit_dh", month, profit)
    simulation.set_input(
        "accounts_regime", month, np.array([regime_.value for regime_ in REGIMES])[regime]
    )
    found = simulation.calculate("contribution_centimes", month)
    expected = amounts_of(people, month)
    assert not expected.refusals.any()
    assert (found == expected.centimes).all()
    assert set(category.tolist()) == set(range(len(CATEGORIES)))


def test_both_readers_of_the_parameters_see_the_same_values(system: Any) -> None:
    for path, parameter in all_parameters().items():
        if "[" in path:
            continue
        for value in parameter.values:
            node = system.parameters
            for name in path.split("."):
                node = node.children[name]
            seen = node.get_at_instant(value.since.isoformat())
            plain = plain_value_at(path, value.since).value
            assert (Decimal(str(seen)) if isinstance(plain, Decimal) else seen) == plain, path


def test_bands_are_read_alike(system: Any) -> None:
    path = "contribution.tax_bands.yearly_duty"
    theirs = law_on(system.get_parameters_at_instant, "2026-01-01").bands(path)
    assert theirs == ParametersOn(date(2026, 1, 1)).bands(path)


def test_importing_the_package_loads_neither_openfisca_nor_django_nor_arrow() -> None:
    code = (
        "import sys, qafila_law; qafila_law.monthly_amount('craftworker', '2026-01');"
        "print([n for n in ('openfisca_core', 'django', 'pyarrow') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert monthly_amount("craftworker", "2026-01").monthly_centimes == 16_352
