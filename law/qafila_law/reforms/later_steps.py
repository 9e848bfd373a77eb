"""What if the steps of Bulletin Officiel 7147 replaced the coefficients of decree 2-21-751?"""

from __future__ import annotations

from typing import Any

from openfisca_core.reforms import Reform


class LaterSteps(Reform):
    """Switch the later steps on, from their first month."""

    name = "Later steps for those who keep accounts"

    def apply(self) -> None:
        self.modify_parameters(_switch_on)


def _switch_on(parameters: Any) -> Any:
    in_force = parameters.contribution.accounts.later_steps.in_force
    in_force.update(start="2022-12-01", value=True)
    return parameters
