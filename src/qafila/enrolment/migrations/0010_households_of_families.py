"""Declared families live in one household: filled for those declared before households were kept.

Only where nothing speaks against it: the member has no household, lives in no other commune, is not
divorced, and is not with the other parent or a third person.
"""

from django.db import migrations

_ACTOR = "SELECT set_config('qafila.actor', 'system', true)"

_MEMBERS = """
  SELECT DISTINCT ON (member.id) member.id AS member_id, insured.id AS insured_id
  FROM enrolment_dependant d
  JOIN people_person insured ON insured.id = d.insured_id AND insured.state = 'active'
  JOIN people_person member ON member.id = d.person_id AND member.state = 'active'
  WHERE d.state = 'declared' AND member.household_id IS NULL AND member.id <> insured.id
    AND d.custody IN ('', 'insured')
    AND (member.commune_id IS NULL OR member.commune_id = insured.commune_id)
    AND NOT EXISTS (SELECT FROM enrolment_lifeevent e WHERE e.dependant_id = d.id
      AND e.state = 'told' AND (e.kind = 'divorce' OR e.kind = 'custody' AND e.custody <> 'insured'))
  ORDER BY member.id, d.id
"""

_HOUSEHOLDS = f"""
WITH members AS ({_MEMBERS}), lacking AS (
  SELECT DISTINCT p.id FROM members m JOIN people_person p ON p.id = m.insured_id
  WHERE p.household_id IS NULL
), numbered AS (
  SELECT id, nextval(pg_get_serial_sequence('people_household', 'id')) AS household FROM lacking
), made AS (
  INSERT INTO people_household (id, created_at) OVERRIDING SYSTEM VALUE
  SELECT household, now() FROM numbered RETURNING id
)
UPDATE people_person p SET household_id = n.household FROM numbered n WHERE p.id = n.id
"""

_JOIN = f"""
WITH members AS ({_MEMBERS})
UPDATE people_person p SET household_id = insured.household_id
FROM members m JOIN people_person insured ON insured.id = m.insured_id
WHERE p.id = m.member_id AND p.household_id IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ("enrolment", "0009_families_as_a_whole"),
        ("people", "0003_find_part_of_card"),
    ]

    operations = [
        migrations.RunSQL([_ACTOR, _HOUSEHOLDS, _JOIN], migrations.RunSQL.noop),
    ]
