"""Why rights are open, waiting, suspended or closed: a sentence for the person, one for staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.foundation.wording.told import day_told
from qafila_law.rights.answers import of_another_day

FUND_NUMBER_AWAITED = "fund_number_awaited"
NOT_ENROLLED = "not_enrolled"
NOT_CALLED_YET = "not_called_yet"
NOT_KNOWN = "not_known"
"""The status of a day to come whose contributions were not called yet, where rights are open."""

SENTENCES: Mapping[str, str | Promise] = {
    "paid_up": _("Your contributions are paid: your rights have been open since %(since)s."),
    "continued_after_activity": _("Your activity has ended; you stay covered until %(last_day)s."),
    "waiting_period": _(
        "You are in the waiting period: your rights can open on %(until)s if you have paid."
    ),
    "first_payment_awaited": _("Your rights open once you have paid your first contribution."),
    "relief_waiting_period": _(
        "Your old debts are being cancelled (law 41-23): your rights can open on %(until)s if you"
        " keep paying."
    ),
    "waiting_months_unpaid": _(
        "Your rights are not open yet: they open once every month of the waiting period is paid."
    ),
    "interruption_waiting_period": _(
        "You paid after a long time without payment: your rights can open on %(until)s if you keep "
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


STAFF_SENTENCES: Mapping[str, str | Promise] = {
    "paid_up": _("Contributions are paid: rights open since %(since)s."),
    "continued_after_activity": _("The activity has ended; cover goes on until %(last_day)s."),
    "waiting_period": _(
        "In the waiting period: rights can open on %(until)s if contributions are paid."
    ),
    "first_payment_awaited": _("Rights open once the first contribution is paid."),
    "relief_waiting_period": _(
        "Old debts are being cancelled (law 41-23): rights can open on %(until)s if each month is "
        "paid."
    ),
    "waiting_months_unpaid": _(
        "Rights are not open yet: they open once every month of the waiting period is paid."
    ),
    "interruption_waiting_period": _(
        "Paid after a long time without payment: rights can open on %(until)s if payments go on."
    ),
    "unpaid_months": _(
        "Rights suspended since %(since)s: contributions are unpaid. They open again once paid."
    ),
    "never_paid": _(
        "Rights suspended since %(since)s: no contribution was ever paid. They open once paid."
    ),
    "activity_ended": _("Rights closed since %(since)s: the activity has ended."),
    "deceased": SENTENCES["deceased"],
    NOT_ENROLLED: _("The person is not enrolled at the fund yet."),
    FUND_NUMBER_AWAITED: _(
        "Declared to the fund from %(since)s: rights can open once the fund gives a number."
    ),
}


def why_to_staff(
    reason: str,
    bounds: tuple[dt.date | None, dt.date | None],
    *,
    on: dt.date | None = None,
    today: dt.date | None = None,
) -> str:
    """The sentence of `reason` about the person, as staff read it, with the day if not today."""
    return _on_another_day(_filled(STAFF_SENTENCES[reason], *bounds), on, today)


def why(reason: str, since: dt.date | None, until: dt.date | None) -> str:
    """The sentence of `reason` in the language in force. `until` is the first day after."""
    return _filled(SENTENCES[reason], since, until)


def not_known_yet(known_until: dt.date | None) -> str:
    """That a day after the last month called is not known yet, in the language in force."""
    told = _(
        "Not known yet: contributions are called until %(day)s. Rights stay open on later days if "
        "what is called for them is paid in time."
    )
    return str(told) % {"day": _day(known_until)}


def why_on(
    status: str,
    reason: str,
    bounds: tuple[dt.date | None, dt.date | None],
    *,
    on: dt.date,
    today: dt.date,
) -> str:
    """`why`, in the tense of the day asked: what was and what will be are told apart from what is.

    `bounds`: since when, and the first day after.
    """
    if on == today or reason in (FUND_NUMBER_AWAITED, NOT_ENROLLED):
        return why(reason, *bounds)
    step = of_another_day(status, reason, on, today)
    return " ".join(qafila_law.explain([step], _law_language()))


def why_dependant_on(
    reason: str,
    bounds: tuple[dt.date | None, dt.date | None],
    *,
    on: dt.date,
    today: dt.date,
) -> str:
    """`why_dependant`, with the day where it is not today."""
    return _on_another_day(why_dependant(reason, *bounds), on, today)


def _on_another_day(sentence: str, on: dt.date | None, today: dt.date | None) -> str:
    if on is None or today is None or on == today:
        return sentence
    then = _("As it was on %(day)s: %(sentence)s")
    if on > today:
        then = _("As far as is known today, on %(day)s: %(sentence)s")
    return str(then) % {"day": _day(on), "sentence": sentence}


def _law_language() -> str:
    language = get_language() or ""
    return language if language in qafila_law.LANGUAGES else qafila_law.SOURCE_LANGUAGE


def _filled(sentence: str | Promise, since: dt.date | None, until: dt.date | None) -> str:
    last_day = until - dt.timedelta(days=1) if until else None
    told = {"since": since, "until": until, "last_day": last_day}
    return str(sentence) % {name: _day(day) for name, day in told.items()}


def _day(day: dt.date | None) -> str:
    if day is None:
        return "—"
    return day_told(day) if get_language() != "en" else format_date(day, "long", locale="en")


# Said to the member or about them; the insured person's own reasons are told in the third person.
DEPENDANT_SENTENCES: Mapping[str, str | Promise] = {
    "paid_up": _("Covered since %(since)s through the insured person, who has paid."),
    "continued_after_activity": _(
        "Covered until %(last_day)s: the insured person's activity has ended, cover goes on for "
        "some months."
    ),
    "waiting_period": _(
        "Not covered yet: the insured person is in the waiting period until %(until)s."
    ),
    "first_payment_awaited": _(
        "Not covered yet: the insured person has not paid the first contribution."
    ),
    "relief_waiting_period": _(
        "Not covered yet: the insured person's old debts are being cancelled (law 41-23); rights "
        "can open on %(until)s."
    ),
    "waiting_months_unpaid": _(
        "Not covered yet: the insured person has not paid every month of the waiting period."
    ),
    "interruption_waiting_period": _(
        "Not covered yet: the insured person paid after a long time without payment; rights can "
        "open on %(until)s."
    ),
    "unpaid_months": _(
        "Suspended since %(since)s: the insured person has contributions to pay. They open again "
        "once these are paid."
    ),
    "never_paid": _(
        "Suspended since %(since)s: the insured person has never paid. They open once that is done."
    ),
    "activity_ended": _("Closed since %(since)s: the insured person's activity has ended."),
    FUND_NUMBER_AWAITED: _("Not covered yet: the fund has not given the insured person a number."),
    NOT_ENROLLED: _("Not covered: the insured person is not enrolled at the fund."),
    "insured_deceased": _(
        "Closed since %(since)s: the insured person has died, and the rights were not open then."
    ),
    "after_death": _(
        "Covered until %(last_day)s: the insured person has died, the family's cover goes on."
    ),
    "after_death_ended": _(
        "Closed since %(since)s: the family's cover after the insured person's death has ended."
    ),
    "has_own_scheme": _("Closed since %(since)s: the spouse has health insurance of their own."),
    "child_has_own_scheme": _(
        "Closed since %(since)s: the child has health insurance of their own."
    ),
    "divorced": _("Closed since %(since)s: the months of cover after the divorce are over."),
    "too_old": _("Closed since %(since)s: the age limit has been reached."),
    "married_child": _("Closed since %(since)s: the child is married."),
    "schooling_proof_missing": _(
        "Closed since %(since)s: no schooling certificate for this year. Bring it to open them "
        "again."
    ),
    "birth_date_missing": _("Closed: the date of birth is missing. Bring the birth certificate."),
    "declared_with_father": _("Closed here: both parents are insured, the father declares."),
    "declared_with_other_parent": _("Closed here: the other parent is insured and has custody."),
    "deceased": _("Closed since %(since)s: this person has died."),
}


def why_dependant(reason: str, since: dt.date | None, until: dt.date | None) -> str:
    """The sentence of a dependant's `reason` in the language in force; bounds as in `why`."""
    return _filled(DEPENDANT_SENTENCES[reason], since, until)
