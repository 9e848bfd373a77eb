"""The OpenFisca system: entities, variables and the dated parameters of this package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from qafila_law.entities import ENTITIES

_HERE = Path(__file__).parent


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """Compulsory health insurance of Morocco's self-employed."""

    def __init__(self) -> None:
        super().__init__(ENTITIES)
        self.add_variables_from_directory(str(_HERE / "variables"))
        self.load_parameters(str(_HERE / "parameters"))


def run_yaml_tests(paths: Sequence[Path] | None = None) -> int:
    """Run YAML tests (by default those beside the package); 0 when all pass, as pytest says it."""
    from openfisca_core.tools.test_runner import run_tests

    wanted = [str(path) for path in paths or [_HERE.parent / "tests"]]
    return int(run_tests(CountryTaxBenefitSystem(), wanted, {"verbose": False}))
