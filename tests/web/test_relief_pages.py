"""Relief under law 41-23 from a page: what it would cancel is shown before it is asked for."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from django.urls import reverse
from tests.contributions.factories import in_arrears, run
from tests.register.factories import places, system
from tests.web.staff import in_language, signed_in

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, ReliefApplication
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import Role

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2023, 12, 1)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return html.unescape(response.content.decode())


def _in_old_arrears(months: int) -> Enrolment:
    at = dt.datetime(2023, 12, 20, 9, tzinfo=dt.UTC)
    one = in_arrears(months, effective_from=dt.date(2023, 1, 1), reported_on=DECEMBER)
    open_reported_arrears(DECEMBER, actor=system(), at=at)
    run(DECEMBER, at=at)
    return one


def test_what_would_be_cancelled_is_shown_and_nothing_is_written() -> None:
    one = _in_old_arrears(6)
    with clock.stopped_at(dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)):
        counter = in_language(signed_in(Role.COUNTER_AGENT, since=DECEMBER), "ar")
        address = reverse("person_relief", args=[one.person_id])
        lines = LedgerLine.objects.count()
        page = _text(counter.get(address))
        assert "الأشهر التي سيشملها الإلغاء" in page
        assert "871,62" in page  # three months of 141,89 and three of 148,65
        assert (LedgerLine.objects.count(), ReliefApplication.objects.count()) == (lines, 0)
        told = _text(counter.post(address, {"confirm": "yes"}, follow=True))
        assert "تم تسجيل طلب إلغاء الديون." in told
        assert ReliefApplication.objects.get().state == "running"
        assert "قيد الإنجاز" in _text(counter.get(address))


def test_where_the_law_gives_none_it_says_so_and_offers_no_button() -> None:
    one = _in_old_arrears(1)
    with clock.stopped_at(dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)):
        counter = signed_in(Role.COUNTER_AGENT, since=DECEMBER)
        address = reverse("person_relief", args=[one.person_id])
        page = _text(counter.get(address))
        assert 'class="banner tone-bad"' in page
        assert 'name="confirm"' not in page
        _text(counter.post(address, {"confirm": "yes"}), 422)
        assert not ReliefApplication.objects.exists()


def test_the_account_leads_there_where_old_months_were_called() -> None:
    one = _in_old_arrears(6)
    with clock.stopped_at(dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)):
        money = reverse("person_money", args=[one.person_id])
        link = reverse("person_relief", args=[one.person_id])
        assert link in _text(signed_in(Role.COUNTER_AGENT, since=DECEMBER).get(money))
        assert link not in _text(signed_in(Role.DIRECTORATE, since=DECEMBER).get(money))
        assert signed_in(Role.DIRECTORATE, since=DECEMBER).get(link).status_code == 404
    assert Call.objects.exists()
