"""Who the law speaks of: persons, and the family an insured person brings into cover."""

from __future__ import annotations

from openfisca_core.entities import build_entity

Person = build_entity(
    key="person",
    plural="persons",
    label="A person, insured or dependant",
    doc="Contributions, rights and ages are computed for each person.",
    is_person=True,
)

Family = build_entity(
    key="family",
    plural="families",
    label="An insured person and the dependants",
    doc="Dependants are covered through the insured person of their family.",
    roles=[
        {"key": "insured", "plural": "insured_persons", "label": "Insured person", "max": 1},
        {"key": "spouse", "plural": "spouses", "label": "Spouses"},
        {"key": "child", "plural": "children", "label": "Children, born or taken in"},
    ],
)

ENTITIES = [Person, Family]
