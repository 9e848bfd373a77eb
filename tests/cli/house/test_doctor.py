"""`qafila doctor people` on an installation that holds a fault of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests.people.faults import BROKEN
from tests.register.factories import AT, places
from tests.web.staff import actor_behind, signed_in
from typer.testing import CliRunner

from qafila.cli.main import command_line
from qafila.foundation import clock
from qafila.institutions.role_names import STAFF_ROLES
from qafila.people.ports import proofs
from qafila.people.proofs import prove_people
from qafila.web.anomalies.kind_words import REMEDIES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def doctor() -> tuple[int, str]:
    done = CliRunner().invoke(command_line(), ["doctor", "people"])
    return done.exit_code, " ".join(done.stdout.split())


def test_a_sound_installation_has_no_fault() -> None:
    assert doctor() == (0, doctor()[1])
    assert f"{len(proofs)} proofs, 0 faults." in doctor()[1]


def test_every_fault_is_found_and_each_remedy_opens() -> None:
    concerned = {broken.__name__: broken() for broken in BROKEN}
    code, told = doctor()
    assert code == 1
    found = {one.code: one for one in prove_people()}
    desks = [signed_in(role, province=None) for role in STAFF_ROLES]
    for kind, person in concerned.items():
        assert person in {who for who, _row in found[kind].ids}, kind
        assert kind in told
        assert f"{person}:" in told
        page = REMEDIES[kind]
        mends = [one for one in desks if page.may(actor_behind(one), None)]
        assert mends, kind
        for desk in mends[:1]:
            assert desk.get(reverse(page.url_name, args=[person])).status_code == 200, kind
