"""Every named reading as an OpenFisca reform, for its commands and its web API."""

from __future__ import annotations

from typing import Any

from openfisca_core.reforms import Reform

from qafila_law.reforms.readings import READINGS, Reading


class OtherReading(Reform):
    """A reform that gives the parameters of a reading their other values."""

    reading: Reading

    def apply(self) -> None:
        self.modify_parameters(self._changed)

    def _changed(self, parameters: Any) -> Any:
        for change in self.reading.changes:
            node = parameters
            for name in change.path.split("."):
                node = getattr(node, name)
            for since, value in change.values:
                node.update(start=since.isoformat(), value=value)
        return parameters


class LaterSteps(OtherReading):
    """Switch the later steps of those who keep accounts on, from their first month."""

    name = "Later steps for those who keep accounts"
    reading = READINGS["later_steps"]


class ClaimWithinSixtyDays(OtherReading):
    """A claim is filed within 60 days of the care."""

    name = "Claims within 60 days of the care"
    reading = READINGS["claim_within_sixty_days"]


class ChoicesOfNovember2026(OtherReading):
    """The choices made before the sources of 29 November 2026 were read."""

    name = "Choices of November 2026"
    reading = READINGS["choices_of_november_2026"]
