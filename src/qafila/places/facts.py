"""The SQL relations of the territory (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

REGIONS = "(SELECT code, name_ar, name_fr FROM places_region)"
"""The twelve regions. code; name_ar; name_fr."""

PROVINCES = "(SELECT code, name_ar, name_fr, region_id AS region_code FROM places_province)"
"""Provinces and prefectures. code; name_ar; name_fr; region_code."""

COMMUNES = "(SELECT code, name_ar, name_fr, province_id AS province_code FROM places_commune)"
"""Communes. code; name_ar; name_fr; province_code."""
