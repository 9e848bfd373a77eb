"""The SQL relations of persons (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

_COLUMNS = (
    "id, state, merged_into_id, household_id, full_name_ar, full_name_latn, sex, birth_date,"
    " card_number, commune_id, province_id, region_code"
)

PERSONS = f"(SELECT {_COLUMNS} FROM people_person)"
"""Every file, those merged into others too. id; state: active or merged; merged_into_id;
household_id; full_name_ar and full_name_latn; sex; birth_date; card_number ('' unknown);
commune_id, province_id (NULL unknown), region_code."""

ACTIVE_PERSONS = f"(SELECT {_COLUMNS} FROM people_person WHERE state = 'active')"
"""The persons: files that are not merged into another. Columns as `PERSONS`."""

PERSONS_WITH_KEYS = """(
  SELECT id, sex, birth_date, card_number, full_name_ar, full_name_latn, name_keys
  FROM people_person WHERE state = 'active'
)"""
"""The persons with the keys of their names, the same in each script. id; sex; birth_date;
card_number; full_name_ar and full_name_latn; name_keys."""

PERSONS_NAMED = """(
  SELECT id, province_id, full_name_ar, full_name_latn, family_name_ar, family_name_latn, name_keys
  FROM people_person
)"""
"""Every file with its names. id; province_id (NULL unknown); full_name_ar, full_name_latn,
family_name_ar and family_name_latn ('' unknown); name_keys."""

OPENED = "(SELECT id, created_at FROM people_person)"
"""When each file was opened, those merged into others too. id; created_at."""

IDENTIFIERS = "(SELECT person_id, kind::text, value::text FROM people_identifier)"
"""Every number lists and staff wrote of a person, of earlier days too. person_id; kind: card, fund,
register, tax or auto_entrepreneur; value."""

CARDS = """(
  SELECT id AS person_id, 'card'::text AS kind, card_number::text AS value
  FROM people_person WHERE state = 'active' AND card_number <> ''
)"""
"""From a national card to the file that holds it. person_id; kind; value."""

PHONES = "(SELECT person_id, number FROM people_phone)"
"""Phone numbers. person_id; number in E.164 form; families share them."""

MERGES = """(
  SELECT id, kept_id, absorbed_id, at, by_id, undone_at, undone_by_id FROM people_merge
)"""
"""Files merged into others. id; kept_id; absorbed_id; at and by_id: when and by which actor;
undone_at and undone_by_id (NULL: it stands)."""

SEPARATED = """(
  SELECT DISTINCT least(kept_id, absorbed_id) AS one, greatest(kept_id, absorbed_id) AS other
  FROM people_merge WHERE undone_at IS NOT NULL
)"""
"""Pairs of persons that were merged and are two again. one < other."""

ID_IN_ORM = "people_person.id"
"""The person's number inside raw SQL that annotates a queryset of persons."""

PERSON_TABLE = "people_person"
"""The name under which the keys of persons are noted as made (`lists.linking.stored_keys`)."""

TABLES = ("people_person", "people_identifier", "people_phone")
"""The tables behind these relations, to bring their statistics up to date."""
