"""Claims for care in words and components: the queue, one claim, and the person's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.care.claims.claim_lines import StatementLine
from qafila.care.claims.claim_pages import ClaimRow, ClaimTold
from qafila.care.claims.claim_trial import ClaimIfDeclared
from qafila.care.claims.queries import acts_on
from qafila.care.claims.time_limits import TimeLeft, papers_by, time_left
from qafila.care.tariffs.assessing import (
    PAYABLE,
    Estimate,
    GeneralEstimate,
    finding_sentence,
)
from qafila.web.acts.flow import Follows
from qafila.web.claims.forms import (
    ILLNESSES,
    PLACES,
    AppealForm,
    ClaimReasonForm,
    ReferenceForm,
    TakeAppealForm,
)
from qafila.web.design.components import (
    Column,
    Explained,
    Fact,
    PersonChip,
    Row,
    Stat,
    Table,
    Tag,
)
from qafila.web.design.figures import day_text, money_text
from qafila.web.person_money.presenter import explained
from qafila.web.site.territory import named

STATES = {
    "declared": Tag(pgettext_lazy("claim", "Papers awaited"), "warn", "waiting"),
    "received": Tag(pgettext_lazy("claim", "To assess"), "info", "file"),
    "assessed": Tag(pgettext_lazy("claim", "To decide"), "info", "law"),
    "paid": Tag(pgettext_lazy("claim", "Paid back"), "ok", "ok"),
    "refused": Tag(pgettext_lazy("claim", "Refused"), "bad", "bad"),
    "appealed": Tag(pgettext_lazy("claim", "Appeal to decide"), "warn", "warn"),
    "rejected": Tag(pgettext_lazy("claim", "Refused after appeal"), "bad", "bad"),
    "withdrawn": Tag(pgettext_lazy("claim", "Withdrawn"), "none", "none"),
}


@dataclass(frozen=True)
class Verb:
    """A way to carry a claim on: its address' word, its button, and what it asks for."""

    name: str
    label: str | Promise
    done: str | Promise
    form: type[forms.Form] | None = None
    kind: str = "secondary"


VERBS: Mapping[str, Verb] = {
    one.name: one
    for one in (
        Verb(
            "receive",
            pgettext_lazy("claim", "The papers came"),
            gettext_lazy("The documents were recorded."),
            kind="primary",
        ),
        Verb(
            "assess",
            pgettext_lazy("claim", "Assess"),
            gettext_lazy("The claim was assessed."),
            kind="primary",
        ),
        Verb(
            "agree",
            pgettext_lazy("claim", "The doctor agrees"),
            gettext_lazy("The doctor's answer was recorded: assess the claim again."),
            ClaimReasonForm,
        ),
        Verb(
            "pay",
            pgettext_lazy("claim", "Record the payment"),
            gettext_lazy("The payment was recorded as made."),
            ReferenceForm,
            "primary",
        ),
        Verb(
            "grant",
            pgettext_lazy("claim", "Grant the appeal"),
            gettext_lazy("The appeal was granted: assess the claim again."),
            AppealForm,
            "primary",
        ),
        Verb(
            "appeal",
            pgettext_lazy("claim", "Take an appeal"),
            gettext_lazy("The appeal was taken."),
            TakeAppealForm,
            "primary",
        ),
        Verb(
            "refuse",
            pgettext_lazy("claim", "Refuse"),
            gettext_lazy("The claim was refused; the person can appeal."),
            ClaimReasonForm,
            "danger",
        ),
        Verb(
            "reject",
            pgettext_lazy("claim", "Reject the appeal"),
            gettext_lazy("The appeal was rejected."),
            ClaimReasonForm,
            "danger",
        ),
        Verb(
            "withdraw", pgettext_lazy("claim", "Withdraw"), gettext_lazy("The claim was withdrawn.")
        ),
        Verb(
            "undo",
            pgettext_lazy("claim", "Undo the decision"),
            gettext_lazy("The decision was undone."),
            ClaimReasonForm,
        ),
    )
}
ACTION_OF = {
    "receive": "receive_claim",
    "assess": "assess_claim",
    "agree": "agree_as_doctor",
    "pay": "pay_claim",
    "refuse": "refuse_claim",
    "appeal": "appeal_claim",
    "grant": "grant_appeal",
    "reject": "reject_appeal",
    "withdraw": "withdraw_claim",
    "undo": "undo_decision",
}
"""The care room's verb behind each word of an address."""


def act_choices(on: dt.date) -> list[tuple[str, str]]:
    """The acts with a tariff on the day: code, and name in the reader's language."""
    return [(act.code, f"{named(act.name_ar, act.name_fr)} ({act.code})") for act in acts_on(on)]


@dataclass(frozen=True)
class ClaimCard:
    """A claim in a list."""

    href: str
    person: PersonChip | None
    line: StatementLine
    tag: Tag
    time_left: str
    pressing: Tag | None
    patient: str


def card_of(row: ClaimRow) -> ClaimCard:
    """A claim of the queue."""
    person = PersonChip(
        name=row.insured_name,
        other_name=row.other_name,
        card=row.card_number,
        href=reverse("person", args=[row.insured_id]),
    )
    return _card(row.line, person, row.time_left)


def own_card(line: StatementLine, today: dt.date) -> ClaimCard:
    """A claim on the person's own file."""
    left = papers_by(line.care_on, today) if line.state == "declared" else None
    return _card(line, None, left)


def _card(line: StatementLine, person: PersonChip | None, left: TimeLeft | None) -> ClaimCard:
    patient = "" if line.patient_name == line.insured_name else line.patient_name
    told = left.sentence if left else ""
    pressing = Tag(told, "warn", "waiting") if left and left.pressing else None
    href = reverse("claim", args=[line.claim_id])
    return ClaimCard(href, person, line, STATES[line.state], told, pressing, patient)


def follows_of(found: ClaimIfDeclared) -> Follows:
    """What would come back of a claim, what a doctor would ask, and the day of the papers."""
    told = found.estimate
    notes: list[str | Promise] = [told.finding_sentence, told.rights_sentence]
    if told.finding == PAYABLE:
        back = money_text(told.reimbursed_centimes)
        notes.append(_("Would come back: %(sum)s") % {"sum": back})
    day = day_text(found.papers.until)
    notes.append(_("Last day for the papers: %(day)s.") % {"day": day})
    if found.doubts:
        notes.append(_("A doctor of the fund will have to look before it is paid:"))
        notes += found.doubts
    return Follows(notes=[note for note in notes if note], steps=explained(told.share.steps))


def facts_of(told: ClaimTold, today: dt.date) -> list[Fact]:
    """What is known of a claim."""
    line = told.row.line
    back = line.reimbursed_centimes
    left = told.row.time_left
    refund = told.estimate.share.refund_by if told.estimate else None
    waits = line.state in ("received", "assessed") and refund is not None
    facts = [
        Fact(pgettext("claim", "Care given"), line.act_name),
        Fact(pgettext("claim", "Day of care"), line.care_on, "day"),
        Fact(pgettext("claim", "Patient"), line.patient_name),
        Fact(pgettext("claim", "How many"), told.quantity, "number") if told.quantity > 1 else None,
        Fact(pgettext("claim", "Where"), dict(PLACES).get(told.place, "")),
        Fact(
            pgettext("claim", "Long illness"), dict(ILLNESSES)[told.illness] if told.illness else ""
        ),
        Fact(pgettext("claim", "Paid by the person"), line.paid_by_person_centimes, "money"),
        Fact(pgettext("claim", "To pay back"), back, "money") if back is not None else None,
        Fact(pgettext("claim", "Papers"), told.documents, "number"),
        Fact(pgettext("claim", "Declared on"), told.row.declared_on, "day"),
        Fact(pgettext("claim", "Papers by"), left.until, "day") if left else None,
        Fact(pgettext("claim", "Papers came on"), told.received_on or "", "day"),
        Fact(pgettext("claim", "Answer due"), time_left(refund, today).sentence)
        if waits and refund
        else None,
        Fact(pgettext("claim", "Transfer"), told.payment_reference, "identifier"),
        Fact(pgettext("claim", "Appeal"), told.appeal_reason),
        Fact(_("Filed late"), _("Excused") if told.deadline_waived else ""),
    ]
    return [fact for fact in facts if fact and fact.value != ""]


@dataclass(frozen=True)
class Offer:
    """A verb offered on a claim's page, with its form."""

    verb: Verb
    action: str
    form: forms.Form | None


def offers_of(told: ClaimTold, refused: tuple[str, forms.Form] | None) -> list[Offer]:
    """The verbs open to the actor; the form that was refused keeps what was typed."""
    claim_id = told.row.line.claim_id
    offers = []
    for name, verb in VERBS.items():
        if ACTION_OF[name] not in told.verbs:
            continue
        form = refused[1] if refused and refused[0] == name else _form_of(verb, told)
        offers.append(Offer(verb, reverse("move_claim", args=[claim_id, name]), form))
    if told.row.line.state == "assessed":
        # It was assessed: what comes first now is the decision.
        offers.sort(key=lambda offer: offer.verb.name == "assess")
        offers = [replace(one, verb=_AGAIN) if one.verb.name == "assess" else one for one in offers]
    return offers


_AGAIN = replace(VERBS["assess"], label=pgettext_lazy("claim", "Assess again"), kind="secondary")


def _form_of(verb: Verb, told: ClaimTold) -> forms.Form | None:
    """The verb's form; a refusal starts from what the assessment found."""
    if verb.form is None:
        return None
    found = told.finding and told.finding != "payable" and verb.name == "refuse"
    why = finding_sentence(told.finding, told.row.line.care_on) if found else ""
    return verb.form(prefix=verb.name, initial={"reason": why})


def estimate_stats(found: Estimate | GeneralEstimate) -> list[Stat]:
    """What comes back, what is left, and until when to claim."""
    back = found.share.reimbursed_centimes
    paid = back + found.share.left_to_pay_centimes
    if isinstance(found, Estimate):
        back = found.reimbursed_centimes
    return [
        Stat(pgettext("care", "Comes back"), money_text(back)),
        Stat(pgettext("care", "Left to the person"), money_text(paid - back)),
        Stat(pgettext("care", "Reference tariff"), money_text(found.act.tariff_centimes)),
    ]


def steps_of(found: Estimate | GeneralEstimate) -> list[Explained]:
    """The law's reasons."""
    return explained(found.share.steps)


def checks_table(rows: Sequence[Row]) -> Table:
    """Who asked whether the person is covered."""
    columns = [
        Column("partner", pgettext("care", "Who asked")),
        Column("at", pgettext("care", "When"), "moment"),
        Column("on", pgettext("care", "For the day"), "day"),
        Column("status", pgettext("care", "What was answered"), "tag"),
    ]
    return Table(
        _("Who asked about this person's cover"), columns, rows, empty=_("Nobody asked yet.")
    )
