"""The books: months prepared and closed from a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from tests.contributions.factories import craftworker, run
from tests.web.staff import in_language, signed_in, text_of

from qafila.contributions.ledger.partitions import prepared_months
from qafila.contributions.models.calls_and_ledger import ClosedMonth
from qafila.foundation.actors import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
OCTOBER = dt.date(2026, 10, 1)


def _called() -> None:
    craftworker()
    run(OCTOBER)
    run()


def test_a_month_that_is_over_and_called_is_closed_after_what_it_means() -> None:
    _called()
    fund = signed_in(Role.FUND_LIAISON, province=None)
    page = text_of(fund.get(reverse("books")))
    assert "Clore octobre 2026" in page
    assert "Clore novembre 2026" not in page  # not over
    close = reverse("close_month", args=["2026-10"])
    assert "Aucune écriture n’est passée dans un mois clos." in text_of(fund.get(close))
    assert not ClosedMonth.objects.exists()
    assert "Mois clos : octobre 2026." in text_of(fund.post(close, {"confirm": "yes"}, follow=True))
    assert ClosedMonth.objects.get().month == OCTOBER


def test_a_month_that_cannot_be_closed_says_why() -> None:
    _called()
    fund = signed_in(Role.FUND_LIAISON, province=None)
    for month in ("2026-11", "2026-09"):
        close = reverse("close_month", args=[month])
        refused = text_of(fund.post(close, {"confirm": "yes"}), 422)
        assert 'class="banner tone-bad"' in refused
        assert 'name="confirm"' not in refused
    assert not ClosedMonth.objects.exists()
    assert fund.get(reverse("close_month", args=["soon"])).status_code == 404


def test_room_is_made_for_months_to_come() -> None:
    fund = in_language(signed_in(Role.FUND_LIAISON, province=None), "ar")
    sent = {"first": "01/2031", "last": "03/2031"}
    prepare = reverse("prepare_months")
    assert "هذه الأشهر غير معدة بعد" in text_of(fund.post(prepare, sent))
    fund.post(prepare, sent | {"confirm": "yes"})
    assert {dt.date(2031, month, 1) for month in (1, 2, 3)} <= prepared_months()
    told = text_of(fund.post(prepare, sent | {"confirm": "yes"}, follow=True))
    assert "لم يتغير أي شيء" in told


@pytest.mark.parametrize(
    ("first", "last"), [("03/2031", "01/2031"), ("01/2031", "12/2035"), ("13/2031", "01/2032")]
)
def test_months_that_make_no_sense_are_refused_beside_their_field(first: str, last: str) -> None:
    fund = signed_in(Role.FUND_LIAISON, province=None)
    page = text_of(fund.post(reverse("prepare_months"), {"first": first, "last": last}), 422)
    assert 'href="#id_' in page


def test_who_only_reads_is_offered_nothing(django_assert_max_num_queries: Any) -> None:
    _called()
    auditor = signed_in(Role.AUDITOR, province=None)
    with django_assert_max_num_queries(12):
        page = text_of(auditor.get(reverse("books")))
    assert "Clore" not in page
    assert auditor.get(reverse("close_month", args=["2026-10"])).status_code == 404
