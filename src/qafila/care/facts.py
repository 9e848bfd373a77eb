"""The SQL relations of care (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

PARTNERS = """(
  SELECT id, client_id, actor_id, name, checks_per_minute, may_see_dependants, may_book_payments,
         withdrawn_at IS NOT NULL AS is_withdrawn
  FROM care_partner
)"""
"""Those who ask and book through the interface. id; client_id: of their application; actor_id;
name; checks_per_minute; may_see_dependants; may_book_payments; is_withdrawn: may ask no more."""

COVERAGE_CHECKS = """(
  SELECT c.id, c.at, p.actor_id, c.person_id
  FROM care_coveragecheck c JOIN care_partner p ON p.id = c.partner_id
)"""
"""Partners' questions whether somebody is covered. id; at; actor_id of the partner; person_id
(NULL: nobody, or more than one, has the number asked about)."""

STANDING_CLAIMS = """(
  SELECT id, insured_id, patient_id, state, act_code, care_on, paid_by_person_centimes, paid_on,
    another_time
  FROM care_claim WHERE state NOT IN ('withdrawn', 'refused', 'rejected')
)"""
"""Claims that wait, were assessed or paid. id; insured_id; patient_id; state; act_code; care_on;
paid_by_person_centimes; paid_on; another_time: somebody said the act was done again that day."""
