"""Why rights are open, waiting, suspended or closed: a short sentence for the person each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FUND_NUMBER_AWAITED = "fund_number_awaited"

SENTENCES: Mapping[str, str | Promise] = {
    "paid_up": _("Your contributions are paid: your rights have been open since %(since)s."),
    "continued_after_activity": _("Your activity has ended; you stay covered until %(last_day)s."),
    "waiting_period": _(
        "You are in the waiting period: your rights can open on %(until)s if you have paid."
    ),
    "first_payment_awaited": _("Your rights open once you have paid your first contribution."),
    "relief_waiting_period": _(
        "Your old debts are set aside by law 41-23: your rights can open on %(until)s if you keep "
        "paying."
    ),
    "unpaid_months": _(
        "Your rights have been suspended since %(since)s because contributions are unpaid. They "
        "open again once you pay."
    ),
    "never_paid": _(
        "Your rights have been suspended since %(since)s because no contribution was ever paid. "
        "They open once you pay."
    ),
    "activity_ended": _("Your rights closed on %(since)s because your activity ended."),
    "deceased": _("The rights closed on %(since)s with the death of the insured person."),
    "not_enrolled": _("You are not enrolled at the fund yet: enrol to open your rights."),
    FUND_NUMBER_AWAITED: _(
        "You were declared to the fund on %(since)s; your rights can open once it has given you a "
        "number."
    ),
}


def why(reason: str, since: dt.date | None, until: dt.date | None) -> str:
    """The sentence of `reason` in the language in force. `until` is the first day after."""
    last_day = until - dt.timedelta(days=1) if until else None
    told = {"since": since, "until": until, "last_day": last_day}
    return str(SENTENCES[reason]) % {name: _day(day) for name, day in told.items()}


def _day(day: dt.date | None) -> str:
    language = {"ar": "ar_MA", "fr": "fr_MA", "zgh": "zgh"}.get(get_language() or "", "en")
    return format_date(day, "long", locale=language) if day else "—"
