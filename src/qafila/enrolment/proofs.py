"""What must always hold of enrolments and families, and against the register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.enrolment.facts import (
    DEATHS,
    DECLARED_FAMILY,
    ENROLMENTS,
    LIFE_EVENTS,
    NOTED_OF_ANOTHER,
)
from qafila.enrolment.family.proofs import FAMILY_PROOFS
from qafila.people.facts import ACTIVE_PERSONS
from qafila.people.ports import Proof
from qafila.register import facts as register

_OPEN = "e.state <> 'closed'"

PROOFS = {
    "number_of_another": Proof(
        _("A list gives this person a number that another person holds."),
        _(
            "Compare the two files with a second person: merge them if they are one, or ask the "
            "institution whose number it is. Until then the number leads to who holds it."
        ),
        f"""
        SELECT DISTINCT n.person_id, n.holder_id FROM {NOTED_OF_ANOTHER} n
        JOIN {ACTIVE_PERSONS} person ON person.id = n.person_id
        """,
    ),
    "own_dependant": Proof(
        _("A person is declared as a member of their own family."),
        _("Remove this declaration; if two files were merged wrongly, undo the merge first."),
        f"SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d WHERE d.person_id = d.insured_id",
    ),
    "member_declared_twice": Proof(
        _("One member is declared twice in the same family."),
        _("Remove the declaration that was made by mistake; the other one remains."),
        f"""
        SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d JOIN {DECLARED_FAMILY} o
          ON o.insured_id = d.insured_id AND o.person_id = d.person_id AND o.id < d.id
        WHERE NOT EXISTS (SELECT FROM {LIFE_EVENTS} e
          WHERE e.kind = 'divorce' AND e.dependant_id = o.id)
        """,
    ),
    "enrolments_undecided": Proof(
        _("Two enrolments met in a merge, and nobody decided which one goes on."),
        _("Decide it on the page of the enrolment: the other is closed from the month you choose."),
        f"SELECT e.person_id, e.id FROM {ENROLMENTS} e WHERE e.undecided_since IS NOT NULL",
    ),
    "dead_but_enrolled": Proof(
        _("A person who died is still enrolled."),
        _("Close the enrolment from the month after the death, or cancel the death."),
        f"""
        SELECT e.person_id, e.id FROM {ENROLMENTS} e JOIN {DEATHS} d ON d.person_id = e.person_id
        WHERE {_OPEN}
        """,
    ),
    "dead_but_registered": Proof(
        _("A person who died still has an active entry in the register."),
        _("Strike the entry off, with the death as the reason."),
        f"""
        SELECT r.person_id, r.id FROM {register.ACTIVE_ENTRIES} r
        JOIN {DEATHS} d ON d.person_id = r.person_id
        """,
    ),
    "struck_off_but_enrolled": Proof(
        _("The entry in the register was struck off, and the enrolment still runs."),
        _("Ask whether the activity is over: close the enrolment, or enter the person again."),
        f"""
        SELECT e.person_id, e.id FROM {ENROLMENTS} e
        WHERE {_OPEN} AND EXISTS (SELECT FROM {register.ENTRIES} r
            WHERE r.person_id = e.person_id AND r.state = 'struck_off')
          AND NOT EXISTS (SELECT FROM {register.ACTIVE_ENTRIES} r WHERE r.person_id = e.person_id)
          AND NOT EXISTS (SELECT FROM {DEATHS} d WHERE d.person_id = e.person_id)
        """,
    ),
    "enrolled_without_entry": Proof(
        _("A person is enrolled as a craftworker and never had an entry in the register."),
        _("Open an application to enter the person, or ask the fund to close the enrolment."),
        f"""
        SELECT e.person_id, e.id FROM {ENROLMENTS} e
        WHERE {_OPEN} AND e.fund_number <> ''
          AND NOT EXISTS (SELECT FROM {register.ENTRIES} r WHERE r.person_id = e.person_id)
          AND NOT EXISTS (SELECT FROM {register.APPLICATIONS} a
            WHERE a.person_id = e.person_id AND a.state IN ('incomplete', 'submitted'))
        """,
    ),
    **FAMILY_PROOFS,
}
"""Code → proof, in the order they are told."""
