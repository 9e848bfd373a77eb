"""What must always hold of claims, in one file and across files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.care.facts import STANDING_CLAIMS
from qafila.enrolment import facts as enrolment
from qafila.people import facts as people
from qafila.people.ports import Proof

PROOFS = {
    "care_paid_twice": Proof(
        _("One act for one patient on one day was paid twice."),
        _("Look at both claims. If it is the same care, ask for the second payment back."),
        f"""
        SELECT c.insured_id, c.id FROM {STANDING_CLAIMS} c JOIN {STANDING_CLAIMS} o
          ON o.patient_id = c.patient_id AND o.act_code = c.act_code AND o.care_on = c.care_on
          AND o.id < c.id
        WHERE c.state = 'paid' AND o.state = 'paid' AND NOT c.another_time
        """,
    ),
    "care_claimed_under_two_files": Proof(
        _(
            "One act on one day was claimed under two files that hold one card or one name and day "
            "of birth."
        ),
        _("Compare the two patients: merge the files if they are one person, and keep one claim."),
        f"""
        SELECT c.insured_id, c.id FROM {STANDING_CLAIMS} c
        JOIN {STANDING_CLAIMS} o ON o.act_code = c.act_code AND o.care_on = c.care_on
          AND o.patient_id <> c.patient_id AND o.id < c.id
        JOIN {people.PERSONS_WITH_KEYS} p ON p.id = c.patient_id
        JOIN {people.PERSONS_WITH_KEYS} q ON q.id = o.patient_id
        WHERE (p.card_number <> '' AND p.card_number = q.card_number)
           OR p.birth_date = q.birth_date AND (
             p.full_name_ar <> '' AND p.full_name_ar = q.full_name_ar
             OR p.full_name_latn <> '' AND p.full_name_latn = q.full_name_latn
             OR cardinality(p.name_keys) > 0 AND cardinality(q.name_keys) > 0
               AND (p.name_keys <@ q.name_keys OR q.name_keys <@ p.name_keys))
        """,
    ),
    "care_of_the_dead": Proof(
        _("Care is claimed for a day after the patient's death, or before the birth."),
        _("Check the documents: correct the date, refuse the claim, or cancel the death."),
        f"""
        SELECT c.insured_id, c.id FROM {STANDING_CLAIMS} c
        JOIN {enrolment.DEATHS} d ON d.person_id = c.patient_id AND d.died_on < c.care_on
        UNION
        SELECT c.insured_id, c.id FROM {STANDING_CLAIMS} c
        JOIN {people.ACTIVE_PERSONS} p ON p.id = c.patient_id AND p.birth_date > c.care_on
        """,
    ),
}
"""Code → proof, in the order they are told."""
