"""Each remedy a reason can name has its page on the web, and each urgency its colour."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.register.factories import agent

from qafila.accompaniment.reasons import REASONS, Remedy, Urgency
from qafila.foundation.actors import Role
from qafila.institutions.role_names import STAFF_ROLES
from qafila.web.people.presenter import TONES, reason_tag
from qafila.web.people.remedies import PAGES, remedy_link


def test_every_remedy_has_a_page_and_every_urgency_a_colour() -> None:
    assert set(PAGES) == set(Remedy), "Give the remedy its page in web/people/remedies.py."
    assert set(TONES) == set(Urgency), "Give the urgency its colour in web/people/presenter.py."


@pytest.mark.django_db
@pytest.mark.parametrize("remedy", Remedy)
def test_the_page_of_a_remedy_exists(remedy: Remedy) -> None:
    page = PAGES[remedy]
    assert reverse(page.url_name, args=[7] if page.of_person else [])
    assert any(page.may(agent(role)) for role in STAFF_ROLES)


@pytest.mark.django_db
def test_the_button_is_offered_to_those_who_may() -> None:
    chamber, auditor = agent(Role.CHAMBER_STAFF), agent(Role.AUDITOR)
    link = remedy_link("no_card_number", 7, chamber)
    assert link is not None
    assert link.href == reverse("person_correct", args=[7]) + "?field=card_number"
    assert remedy_link("no_card_number", 7, auditor) is None
    assert remedy_link("waiting_for_fund_number", 7, chamber) is None
    assert remedy_link("", 7, chamber) is None


@pytest.mark.parametrize("reason", [one.code for one in REASONS])
def test_each_reason_has_its_mark(reason: str) -> None:
    assert reason_tag(reason) is not None
