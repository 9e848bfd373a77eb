"""The run console: look first, start, follow, go on after a stop, see who was parked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.contributions.factories import NOVEMBER, craftworker, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, places, system
from tests.web.staff import fragment_and_page, signed_in

from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Call, Run
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.jobs import tasks
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
LOOKING = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD, Role.AUDITOR)
PAGE = "/contributions/"


@pytest.fixture(autouse=True)
def _stage(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.UPLOADS = tmp_path
    places()
    with clock.stopped_at(AT):
        yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def _text(client: object, address: str) -> str:
    response = client.get(address)  # type: ignore[attr-defined]
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_page_renders_in_every_language(language: str) -> None:
    craftworker()
    enrolled(category="cpu")
    run()
    client = signed_in(Role.FUND_LIAISON, province=None, language=language)
    _looked_at(client, "2026-12")
    for address in ("", "2026-12/ahead/", "2027-01/ahead/", "2026-11/"):
        assert f'lang="{language}"' in _text(client, PAGE + address)


def test_looking_first_writes_nothing_and_tells_amounts_by_category() -> None:
    craftworker()
    craftworker()
    enrolled(category="cpu")
    client = signed_in(Role.FUND_LIAISON, province=None)
    _looked_at(client, "2026-11")
    text = _text(client, f"{PAGE}2026-11/ahead/")
    assert "327,04" in text
    assert 'action="/contributions/2026-11/start/"' in text
    assert "hx-get" not in text
    assert not Run.objects.exists()
    assert not Call.objects.exists()


def _looked_at(client: Client, month: str) -> None:
    """A dry run asked for and assessed by its job."""
    response = client.post(f"{PAGE}ahead/", {"month": month})
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}{month}/ahead/")
    tasks.dry_run(month)


def test_the_dry_run_goes_on_by_itself_until_it_is_done() -> None:
    craftworker()
    client = signed_in(Role.FUND_LIAISON, province=None)
    address = f"{PAGE}2026-12/ahead/"
    for _ in range(2):
        client.post(f"{PAGE}ahead/", {"month": "2026-12"})
    job = ProcrastinateJob.objects.get(task_name="contributions.dry_run")
    assert 'http-equiv="refresh"' in _text(client, address)
    fragment, page = fragment_and_page(client, address)
    assert fragment in page
    assert b"hx-get" in fragment
    tasks.dry_run(**job.args)
    assert "163,52" in _text(client, address)
    assert "hx-get" not in _text(client, address)


def test_a_dry_run_left_half_way_is_begun_again_from_the_page() -> None:
    craftworker()
    client = signed_in(Role.FUND_LIAISON, province=None)
    client.post(f"{PAGE}ahead/", {"month": "2026-12"})
    ProcrastinateJob.objects.all().delete()  # its worker died, and the job with it
    text = _text(client, f"{PAGE}2026-12/ahead/")
    assert "Traitement interrompu avant la fin" in text
    assert "hx-get" not in text
    response = client.post(f"{PAGE}2026-12/ahead/again/")
    assert response["Location"] == f"{PAGE}2026-12/ahead/"
    tasks.dry_run(**ProcrastinateJob.objects.get().args)
    assert "163,52" in _text(client, f"{PAGE}2026-12/ahead/")


def test_a_month_that_is_called_leads_to_its_run() -> None:
    craftworker()
    run()
    client = signed_in(Role.FUND_LIAISON, province=None)
    assert client.get(f"{PAGE}2026-11/ahead/")["Location"] == f"{PAGE}2026-11/"


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2019-01"])
def test_a_month_that_is_none_is_told_beside_the_field(month: str) -> None:
    client = signed_in(Role.FUND_LIAISON, province=None)
    response = client.post(f"{PAGE}ahead/", {"month": month})
    assert response.status_code == 422
    assert 'class="field wrong' in response.content.decode()


def test_a_month_is_started_once_and_posted_by_its_job() -> None:
    craftworker()
    client = signed_in(Role.FUND_LIAISON, province=None)
    response = client.post(f"{PAGE}2026-11/start/")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}2026-11/")
    job = ProcrastinateJob.objects.get(task_name="contributions.run_month")
    assert job.args == {"month": "2026-11"}
    assert "hx-get" in _text(client, f"{PAGE}2026-11/")
    tasks.run_month(**job.args)
    text = _text(client, f"{PAGE}2026-11/")
    assert "163,52" in text
    assert "hx-get" not in text
    assert Call.objects.count() == 1


def test_who_comes_second_sees_who_started_it() -> None:
    craftworker()
    signed_in(Role.PROGRAMME_LEAD, province=None).post(f"{PAGE}2026-11/start/")
    second = signed_in(Role.FUND_LIAISON, province=None)
    text = second.post(f"{PAGE}2026-11/start/", follow=True).content.decode()
    assert "Agent programme_lead" in text
    assert ProcrastinateJob.objects.filter(task_name="contributions.run_month").count() == 1
    assert Run.objects.get().started_by.name == "Agent programme_lead"


def test_a_run_that_stopped_goes_on_from_the_page() -> None:
    craftworker()
    client = signed_in(Role.FUND_LIAISON, province=None)
    client.post(f"{PAGE}2026-11/start/")
    # The worker died: its job stays "doing", held by nobody that lives.
    ProcrastinateJob.objects.all().delete()
    text = _text(client, f"{PAGE}2026-11/")
    assert f'action="{PAGE}2026-11/start/"' in text
    assert "hx-get" not in text
    client.post(f"{PAGE}2026-11/start/")
    job = ProcrastinateJob.objects.get(task_name="contributions.run_month")
    tasks.run_month(**job.args)
    assert Run.objects.get().state == "posted"
    assert Call.objects.count() == 1


def test_the_parked_are_listed_with_reason_and_link_and_exported_harmless() -> None:
    parked = enrolled(category="cpu").person
    with acting(system(), at=AT):
        Person.objects.filter(pk=parked.pk).update(full_name_latn="=1+1")
    run()
    client = signed_in(Role.FUND_LIAISON, province=None)
    text = _text(client, f"{PAGE}2026-11/")
    assert f'href="/people/{parked.pk}/"' in text
    whole = f"{PAGE}2026-11/parked/"
    assert whole in text
    assert f'href="/people/{parked.pk}/"' in _text(client, whole)
    assert "=1+1" in _text(client, f"{whole}?as=print")
    csv = client.get(f"{whole}?as=csv").content.decode("utf-8-sig")
    assert f"\n{parked.pk}," in csv.replace("\r", "")
    assert client.get(f"{whole}?as=exe").status_code == 404


def test_progress_is_the_same_in_part_and_whole() -> None:
    craftworker()
    client = signed_in(Role.FUND_LIAISON, province=None)
    client.post(f"{PAGE}2026-11/start/")
    fragment, page = fragment_and_page(client, f"{PAGE}2026-11/")
    assert fragment in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_who_may_look_and_who_may_start(role: Role) -> None:
    run(NOVEMBER)
    client = signed_in(role, province=None)
    looks = role in LOOKING
    starts = looks and role != Role.AUDITOR
    for address in ("", "2026-11/", "2026-11/parked/"):
        assert client.get(PAGE + address).status_code == (200 if looks else 404), address
    assert client.get(f"{PAGE}2026-12/ahead/").status_code == (200 if starts else 404)
    asked = client.post(f"{PAGE}ahead/", {"month": "2026-12"})
    assert asked.status_code == (302 if starts else 404)
    assert client.post(f"{PAGE}2026-12/start/").status_code == (302 if starts else 404)


@pytest.mark.parametrize("address", ["2026-13/", "november/", "2026-12/", "٢٠٢٦-11/"])
def test_a_run_there_is_not_is_not_found(address: str) -> None:
    assert signed_in(Role.FUND_LIAISON, province=None).get(PAGE + address).status_code == 404
