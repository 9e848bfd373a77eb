"""Persons that linking holds for one and may not merge wait for a person, with the reason."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.lists.conftest import ListWriter

from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.lists import queries
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking import link_rows
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair
from qafila.lists.reviewing.deciding import decide_pair
from qafila.people.errors import BothHave, OneOfTheFamily
from qafila.people.models import Merge

pytestmark = pytest.mark.django_db

ONE = "Ouaziz;Zoulikha;F;;17/05/1980;Settat;SETTAT;Potier;0612345678"
OTHER = ";Ouaziz Zoulikha;;AB123456;;;;;"
BRIDGE = "Ouaziz;Zoulikha;F;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
FAMILY = OneOfTheFamily(member=2, insured=1)
BOTH = BothHave(what="enrolments")


@pytest.fixture
def two(write_list: ListWriter, places: None, system: Actor, at: dt.datetime) -> None:
    """Two persons, and a row not linked yet that makes them one."""
    heading = "N°;NOM ET PRENOM;x;CNI;y;z;a;b;c"
    import_file(write_list("one.csv", ONE), actor=system, at=at)
    import_file(write_list("other.csv", OTHER, heading=heading), actor=system, at=at)
    assert link_new_rows(actor=system, at=at).persons == 2
    import_file(write_list("bridge.csv", BRIDGE), actor=system, at=at)


@pytest.mark.parametrize(
    ("refusal", "code"), [(FAMILY, "one_of_the_family"), (BOTH, "both_have")]
)  # fmt: skip
def test_a_refused_merge_waits_with_its_reason(
    two: None, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch,
    refusal: Exception, code: str,
) -> None:  # fmt: skip
    def refused(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr(link_rows, "merge_persons", refused)
    outcome = link_new_rows(actor=system, at=at)
    assert (outcome.persons, outcome.persons_merged) == (2, 0)
    asked = [p for p in queries.pairs_waiting(scope=WHOLE_COUNTRY) if p.evidence[0]["code"] == code]
    assert len(asked) == 1
    assert outcome.pairs_waiting >= 1


def test_what_a_person_decided_of_a_refused_merge_stays(
    two: None, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch,
    write_list: ListWriter,
) -> None:  # fmt: skip
    def refused(*_: object, **__: object) -> None:
        raise FAMILY

    monkeypatch.setattr(link_rows, "merge_persons", refused)
    link_new_rows(actor=system, at=at)
    for pair in queries.pairs_waiting(scope=WHOLE_COUNTRY):
        decide_pair(pair.id, same=False, actor=system, at=at)
    again = BRIDGE.replace("Potier", "Tisserand")
    import_file(write_list("again.csv", again), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    assert not Merge.objects.exists()
    reasons = [p.evidence[0]["code"] for p in queries.pairs_waiting(scope=WHOLE_COUNTRY)]
    assert "one_of_the_family" not in reasons
    assert CandidatePair.objects.filter(state="different").exists()
