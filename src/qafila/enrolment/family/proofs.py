"""What must always hold of families: the faults that an installation holds of earlier days.

The rules are those of `marriages` and `childhood`, in SQL, for the whole country at once. Questions
that somebody answered (`confirmed`) are not asked again.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.enrolment.facts import (
    CHILDREN_TODAY,
    DEATHS,
    DECLARED_FAMILY,
    LIFE_EVENTS,
    STANDING_MARRIAGES,
)
from qafila.enrolment.family.childhood import DAYS_AFTER_FATHER, LEAST_YEARS_OLDER, MOST_YEARS_OLDER
from qafila.enrolment.family.marriages import AGE_OF_MARRIAGE, MOST_WIVES
from qafila.people import facts as people
from qafila.people.ports import Proof

_PERSONS = people.ACTIVE_PERSONS

_MARRIAGES = f"""
SELECT m.insured_id, m.id FROM (
  SELECT d.id, d.insured_id, d.judges_leave, p.sex,
    row_number() OVER (PARTITION BY d.insured_id ORDER BY d.id) AS place
  FROM {STANDING_MARRIAGES} d JOIN {_PERSONS} p ON p.id = d.insured_id
) m WHERE m.place > 1 AND (m.sex = 'F' OR m.place > {MOST_WIVES} OR m.judges_leave = '')
UNION
SELECT m.insured_id, m.id FROM {STANDING_MARRIAGES} m
JOIN {STANDING_MARRIAGES} o ON o.person_id = m.person_id AND o.insured_id <> m.insured_id
  AND o.id < m.id
JOIN {_PERSONS} wife ON wife.id = m.person_id AND wife.sex <> 'M'
UNION
SELECT m.insured_id, m.id FROM {STANDING_MARRIAGES} m
JOIN {STANDING_MARRIAGES} o ON o.insured_id = m.person_id AND o.person_id <> m.insured_id
JOIN {_PERSONS} wife ON wife.id = m.person_id AND wife.sex = 'F'
"""

_TOO_YOUNG = f"""
SELECT DISTINCT d.insured_id, d.id FROM {DECLARED_FAMILY} d
JOIN {_PERSONS} p ON p.id IN (d.insured_id, d.person_id)
WHERE d.relation = 'spouse' AND d.judges_leave = ''
  AND coalesce(d.joined_on, d.since) < p.birth_date + interval '{AGE_OF_MARRIAGE} years'
"""

_ONE_SEX = f"""
SELECT d.insured_id, d.id FROM {STANDING_MARRIAGES} d
JOIN {_PERSONS} p ON p.id = d.insured_id JOIN {_PERSONS} q ON q.id = d.person_id
WHERE p.sex <> '' AND p.sex = q.sex
"""

_AGES = f"""
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d
JOIN {_PERSONS} parent ON parent.id = d.insured_id JOIN {_PERSONS} child ON child.id = d.person_id
WHERE d.relation = 'child' AND NOT d.taken_in
  AND (child.birth_date < parent.birth_date + interval '{LEAST_YEARS_OLDER} years'
    OR NOT 'parent_too_old' = ANY(string_to_array(d.confirmed, ' ')) AND child.birth_date >=
      parent.birth_date + CASE parent.sex WHEN 'F' THEN interval '{MOST_YEARS_OLDER["F"]} years'
        ELSE interval '{MOST_YEARS_OLDER["M"]} years' END)
"""

_SEX_UNKNOWN = f"""
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d JOIN {_PERSONS} p ON p.id = d.insured_id
WHERE d.relation = 'child' AND d.other_parent_insured AND p.sex = ''
"""

_AFTER_DEATH = f"""
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d
JOIN {LIFE_EVENTS} e ON e.person_id = d.person_id AND e.kind <> 'death'
  AND (e.dependant_id IS NULL OR e.dependant_id = d.id)
JOIN {DEATHS} dead ON dead.died_on < e.since
  AND (dead.person_id = d.person_id OR e.kind = 'divorce' AND dead.person_id = d.insured_id)
UNION
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d
JOIN {DEATHS} dead ON dead.person_id IN (d.person_id, d.insured_id) AND dead.died_on < d.joined_on
UNION
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d
JOIN {DEATHS} dead ON dead.person_id = d.insured_id
JOIN {_PERSONS} parent ON parent.id = d.insured_id JOIN {_PERSONS} child ON child.id = d.person_id
WHERE d.relation = 'child' AND NOT d.taken_in AND child.birth_date >
  dead.died_on + CASE parent.sex WHEN 'F' THEN 0 ELSE {DAYS_AFTER_FATHER} END
"""

_SPOUSE_AND_CHILD = f"""
SELECT c.insured_id, c.id FROM {DECLARED_FAMILY} c
JOIN {STANDING_MARRIAGES} m ON m.person_id = c.person_id
WHERE c.relation = 'child' AND NOT EXISTS (SELECT FROM {LIFE_EVENTS} e
  WHERE e.person_id = c.person_id AND e.kind = 'marriage')
"""

_OF_TWO = f"""
SELECT d.insured_id, d.id FROM {CHILDREN_TODAY} d JOIN {CHILDREN_TODAY} o
  ON o.person_id = d.person_id AND o.insured_id <> d.insured_id AND o.id < d.id
WHERE o.custody_today <> 'other_parent' AND d.custody_today <> 'other_parent'
"""

# Names are met by their keys, which are the same in both scripts: one holds all those of the other.
_SAME_CHILD = f"""
SELECT d.insured_id, d.id FROM {CHILDREN_TODAY} d
JOIN {people.PERSONS_WITH_KEYS} one ON one.id = d.person_id
JOIN {people.PERSONS_WITH_KEYS} other ON other.birth_date = one.birth_date AND other.id <> one.id
  AND (one.name_keys <@ other.name_keys OR other.name_keys <@ one.name_keys)
  AND (one.sex = '' OR other.sex = '' OR one.sex = other.sex)
JOIN {CHILDREN_TODAY} o ON o.person_id = other.id AND o.id < d.id
WHERE cardinality(one.name_keys) > 0 AND cardinality(other.name_keys) > 0
  AND NOT 'same_child' = ANY(string_to_array(d.confirmed, ' '))
  AND (o.insured_id = d.insured_id OR EXISTS (SELECT FROM {DECLARED_FAMILY} m
    WHERE m.relation = 'spouse' AND (m.insured_id, m.person_id) IN
      ((d.insured_id, o.insured_id), (o.insured_id, d.insured_id))))
"""

_SCHOOL_YEAR = f"""
SELECT d.insured_id, d.id FROM {DECLARED_FAMILY} d JOIN {LIFE_EVENTS} e ON e.person_id = d.person_id
WHERE e.kind = 'schooling' AND e.until > e.since + interval '1 year'
"""

FAMILY_PROOFS = {
    "same_child_twice": Proof(
        _("Two children with one name and day of birth are declared in one family."),
        _("Compare the two files: merge them if they are one child; end the matter if not."),
        _SAME_CHILD,
    ),
    "child_of_two_families": Proof(
        _("A child is declared by two insured parents."),
        _("Ask which of the parents declares the child, and remove the other declaration."),
        _OF_TWO,
    ),
    "marriage_not_allowed": Proof(
        _("A marriage is declared that the Family Code does not allow beside another."),
        _("Record the divorce, the death or the judge's leave, or remove the declaration."),
        _MARRIAGES,
    ),
    "married_too_young": Proof(
        _("A spouse was younger than eighteen at the marriage, and no judge's leave is recorded."),
        _("Ask for the judge's leave and record it, or correct the date that is wrong."),
        _TOO_YOUNG,
    ),
    "spouses_one_sex": Proof(
        _("Husband and wife are recorded with the same sex."),
        _("Look at both identity cards and correct the file that is wrong."),
        _ONE_SEX,
    ),
    "parent_age_doubtful": Proof(
        _("A parent and a child are too near in age, or too far apart."),
        _("Look at both papers and correct the date of birth that is wrong."),
        _AGES,
    ),
    "parent_sex_unknown": Proof(
        _("Both parents are insured, and the file does not say whether this one is the father."),
        _("Write the sex in the file: the law asks with whom the child is declared."),
        _SEX_UNKNOWN,
    ),
    "spouse_and_child": Proof(
        _("A person is declared as a spouse in one family and as an unmarried child in another."),
        _("Record the marriage of the child, or remove the wrong declaration."),
        _SPOUSE_AND_CHILD,
    ),
    "told_after_death": Proof(
        _("An event of the family is dated after a death."),
        _("Check the documents: correct the date, cancel the event, or cancel the death."),
        _AFTER_DEATH,
    ),
    "school_year_too_long": Proof(
        _("Schooling of more than a year is recorded with one certificate."),
        _("End it after one year, and ask for the certificate of each year since."),
        _SCHOOL_YEAR,
    ),
}
"""Code → proof, in the order they are told."""
