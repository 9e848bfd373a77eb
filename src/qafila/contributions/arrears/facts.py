"""What this part tells other rooms of its tables (how to read it: `foundation/facts.py`)."""

from __future__ import annotations

DERIVED = ("contributions_personarrears",)
"""Tables about persons that are derived anew from facts, never moved by a merge."""
