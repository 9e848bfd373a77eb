"""The OpenFisca system: entities, variables and the dated parameters of this package."""

from __future__ import annotations

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
