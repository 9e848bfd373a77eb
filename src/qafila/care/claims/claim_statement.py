"""What a person is told of their claims: on paper, and in a text message."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

import qafila_law
from qafila.care.access import get_claim
from qafila.care.claims.claim_lines import StatementLine
from qafila.care.claims.queries import statement_of
from qafila.contributions.account.printing import (
    TEMPLATES,
    day,
    letterhead,
    money,
    printed_in,
)
from qafila.documents.pdf import typeset
from qafila.enrolment.queries import enrolments_of
from qafila.foundation.actors import Scope
from qafila.people.access import person_in_scope
from qafila_law.wording.typography import plain_signs

_TEXTS: dict[str, str | Promise] = {
    "declared": gettext_lazy("Claim %(claim)s: bring the papers by %(until)s."),
    "received": gettext_lazy("Claim %(claim)s: the papers were received."),
    "assessed": gettext_lazy("Claim %(claim)s: %(amount)s DH are to come back to you."),
    "paid": gettext_lazy("Claim %(claim)s: %(amount)s DH were paid on %(paid_on)s."),
    "refused": gettext_lazy("Claim %(claim)s was refused. Ask why at the desk. You can appeal."),
    "appealed": gettext_lazy("Claim %(claim)s: your appeal was received."),
    "rejected": gettext_lazy("Claim %(claim)s was refused after appeal. Ask why at the desk."),
    "withdrawn": gettext_lazy("Claim %(claim)s was withdrawn."),
}
_NOTHING_BACK = gettext_lazy("Claim %(claim)s: nothing can come back. Ask why at the desk.")


def claims_statement_pdf(person_id: int, *, language: str, scope: Scope, at: dt.datetime) -> bytes:
    """The person's claims on paper in `language` (ar, fr, zgh), newest care first.

    Each with what was paid, what comes back and where it stands, and the sum that came back.
    Errors: NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        person = person_in_scope(person_id, scope)
        lines = statement_of(person_id, scope=scope)
        numbers = [one.fund_number for one in enrolments_of(person_id, scope=scope)]
        back = sum(one.reimbursed_centimes or 0 for one in lines if one.state == "paid")
        values = {
            **letterhead(person, next(filter(None, numbers), ""), language, at),
            "title": _("Your claims for care"),
            "columns": [
                pgettext("paper", "Day of care"),
                pgettext("paper", "Care"),
                pgettext("paper", "You paid"),
                pgettext("paper", "Comes back"),
            ],
            "lines": [_printed(one, language) for one in lines],
            "empty": _("No claim was declared."),
            "total": {"what": _("Came back to you so far"), "amount": money(back, language)},
            "basket": basket_sentence(),
            "appeal": _(
                "When a claim is refused you can appeal at the desk, with the papers you have."
            ),
        }
        return typeset(TEMPLATES / "claim_statement.typ", values, at=at)


def basket_sentence() -> str:
    """That the same care is covered everywhere, without a ceiling."""
    return _("The same care is covered in public and private places, and no yearly ceiling is set.")


def _printed(one: StatementLine, language: str) -> dict[str, Any]:
    back = one.reimbursed_centimes
    return {
        "day": day(one.care_on),
        "act": one.act_name,
        "patient": "" if one.patient_name == one.insured_name else one.patient_name,
        "paid": money(one.paid_by_person_centimes, language),
        "back": "" if back is None or one.state != "paid" else money(back, language),
        "told": one.sentence,
    }


def claim_text(claim_id: int, *, language: str, scope: Scope) -> str:
    """Where the claim stands, as a text message without name, act or reason: care is private.

    French fits 160 GSM characters, Arabic and Amazigh two messages of 67 letters. Errors:
    NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        claim = get_claim(claim_id, scope=scope)
        centimes = claim.reimbursed_centimes or 0
        nothing = claim.state == "assessed" and not centimes
        sentence = str(_NOTHING_BACK if nothing else _TEXTS[claim.state])
        facts = {
            "claim": claim.pk,
            "until": day(qafila_law.claim_deadline(claim.care_on)),
            "amount": f"{centimes // 100},{centimes % 100:02d}",
            "paid_on": day(claim.paid_on) if claim.paid_on else "",
        }
        return plain_signs(sentence % facts)
