"""The SQL relations of enrolment (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

from qafila.people import facts as people
from qafila.register import facts as register

ENROLMENTS = """(
  SELECT id, person_id, category, state, fund_number, effective_from, closed_on, annual_tax_dh,
    regime, annual_profit_dh, months_unpaid_reported, reported_on, region_code, no_family_stated_on,
    undecided_since
  FROM enrolment_enrolment
)"""
"""Enrolments. id; person_id; category; state: declared, enrolled or closed; fund_number ('' none
yet); effective_from: first day of the first month due; closed_on; annual_tax_dh, regime,
annual_profit_dh: what amounts need; months_unpaid_reported and reported_on: the fund's word;
region_code; no_family_stated_on; undecided_since (NULL: decided)."""

AT_FUND = f"""(
  SELECT * FROM {ENROLMENTS} every_enrolment WHERE fund_number <> '' AND undecided_since IS NULL
)"""
"""Enrolments the fund gave a number, ended ones too: only they are owed and give rights. Not those
that a merge brought beside another while nobody decided. Columns as `ENROLMENTS`."""

UNDECIDED = "(SELECT id, person_id FROM enrolment_enrolment WHERE undecided_since IS NOT NULL)"
"""Enrolments that a merge brought beside another, until somebody decides which goes on. id;
person_id."""

TAX_YEARS = "(SELECT enrolment_id, year, periodicity, final_tax_dh FROM enrolment_taxyear)"
"""Years paid with the tax. enrolment_id; year; periodicity: quarterly or yearly; final_tax_dh (NULL
until known)."""

DEPENDANTS = """(
  SELECT id, insured_id, person_id, relation, state, since, taken_in, joined_on,
    other_parent_insured, custody, judges_leave, confirmed
  FROM enrolment_dependant
)"""
"""Spouses and children. id; insured_id; person_id (NULL: only mentioned); relation: spouse or
child; state: mentioned, declared or refused; since: day of the declaration; taken_in, joined_on,
other_parent_insured, custody; judges_leave ('' none); confirmed: codes of questions answered."""

DECLARED_FAMILY = f"(SELECT * FROM {DEPENDANTS} every_dependant WHERE state = 'declared')"
"""Spouses and children declared, each named. Columns as `DEPENDANTS`."""

LIFE_EVENTS = """(
  SELECT id, person_id, dependant_id, kind, since, until, custody
  FROM enrolment_lifeevent WHERE state = 'told'
)"""
"""Events that hold (none taken back). id; person_id: of whom; dependant_id: of which declaration,
for divorce and custody; kind; since; until (NULL open); custody."""

STANDING_MARRIAGES = f"""(
  SELECT d.* FROM {DECLARED_FAMILY} d
  WHERE d.relation = 'spouse' AND NOT EXISTS (SELECT FROM {LIFE_EVENTS} e
    WHERE e.kind = 'divorce' AND e.dependant_id = d.id
      OR e.kind = 'death' AND e.person_id IN (d.person_id, d.insured_id))
)"""
"""Declared marriages ended neither by a divorce nor by a death. Columns as `DEPENDANTS`."""

CHILDREN_TODAY = f"""(
  SELECT d.*, coalesce((SELECT e.custody FROM {LIFE_EVENTS} e
    WHERE e.kind = 'custody' AND e.dependant_id = d.id AND e.since <= current_date
      AND (e.until IS NULL OR e.until > current_date)
    ORDER BY e.since DESC, e.id DESC LIMIT 1), d.custody) AS custody_today
  FROM {DECLARED_FAMILY} d WHERE d.relation = 'child'
)"""
"""Declared children with the custody of today. Columns as `DEPENDANTS`, and custody_today."""

DEATHS = """(
  SELECT person_id, since AS died_on FROM enrolment_lifeevent
  WHERE kind = 'death' AND state = 'told'
)"""
"""Who died. person_id; died_on. Where a death was told twice the earlier day counts."""

NUMBERS = """(
  SELECT held.person_id, 'fund'::text AS kind, held.fund_number::text AS value
  FROM enrolment_enrolment held
  WHERE held.fund_number <> '' AND (held.state <> 'closed' OR NOT EXISTS (
    SELECT FROM enrolment_enrolment now WHERE now.fund_number = held.fund_number
      AND now.fund_number <> '' AND now.state <> 'closed'))
)"""
"""From a fund number to who holds it, or to who held it last while nobody does. person_id; kind;
value."""

_HELD_BY_ANOTHER = " OR ".join(
    f"noted.kind = '{kind}' AND EXISTS (SELECT FROM {held} held"
    " WHERE held.value = noted.value AND held.person_id <> noted.person_id)"
    for kind, held in (("card", people.CARDS), ("register", register.NUMBERS), ("fund", NUMBERS))
)

NUMBERS_OF_PERSONS = f"""(
  SELECT person_id, kind, value FROM {people.CARDS} of_cards
  UNION ALL SELECT person_id, kind, value FROM {register.NUMBERS} of_register
  UNION ALL SELECT person_id, kind, value FROM {NUMBERS} of_fund
  UNION ALL SELECT person_id, kind, value FROM {people.IDENTIFIERS} noted
    WHERE NOT ({_HELD_BY_ANOTHER})
)"""
"""From a number to its person, everywhere the same: the card of an active person, the register's
and the fund's; and every number that lists or staff noted, unless it is held by another. Who is
noted under somebody's number takes nothing from who holds it. person_id; kind: card, fund,
register, tax or auto_entrepreneur; value. One person may come several times; several persons: a
human looks."""

NOTED_OF_ANOTHER = f"""(
  SELECT noted.person_id, noted.kind, noted.value, held.person_id AS holder_id
  FROM {people.IDENTIFIERS} noted
  JOIN (
    SELECT person_id, kind, value FROM {people.CARDS} of_cards
    UNION SELECT person_id, kind, value FROM {register.NUMBERS} of_register
    UNION SELECT person_id, kind, value FROM {NUMBERS} of_fund
  ) held ON held.kind = noted.kind AND held.value = noted.value
  WHERE held.person_id <> noted.person_id
)"""
"""Numbers that were noted of one person and are held by another. person_id; kind: card, register or
fund; value; holder_id."""

TABLES = ("enrolment_enrolment", "enrolment_dependant")
"""The tables behind these relations, to bring their statistics up to date."""
