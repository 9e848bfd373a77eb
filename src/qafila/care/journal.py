"""What the care room writes into the journal."""

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

PARTNER_REGISTERED = register(
    "care.partner_registered",
    _("The partner %(name)s may ask whether people are covered, %(checks)d times a minute."),
)
PARTNER_WITHDRAWN = register(
    "care.partner_withdrawn",
    _("The partner %(name)s may no longer ask or send anything."),
)
TARIFFS_IMPORTED = register(
    "care.tariffs_imported",
    _("Reference tariffs were imported from “%(source)s”: %(acts)d acts, %(new)d of them new."),
)
CLAIM_DECLARED = register("care.claim_declared", _("A claim for care was declared."))
CLAIM_RECEIVED = register("care.claim_received", _("The papers of the claim were received."))
CLAIM_ASSESSED = register(
    "care.claim_assessed", _("The claim was assessed: %(amount)s DH to pay back.")
)
DOCTOR_AGREED = register(
    "care.doctor_agreed",
    _("The fund's doctor looked at the claim and agrees: %(reason)s"),
    personal=("reason",),
)
CLAIM_PAID = register(
    "care.claim_paid",
    _("%(amount)s DH were paid back under the reference %(reference)s."),
    personal=["reference"],
)
CLAIM_REFUSED = register(
    "care.claim_refused", _("The claim was refused: %(reason)s"), personal=["reason"]
)
CLAIM_APPEALED = register(
    "care.claim_appealed",
    _("The person appealed against the refusal: %(reason)s"),
    personal=["reason"],
)
APPEAL_GRANTED = register(
    "care.appeal_granted", _("The appeal was granted: the claim is assessed again.")
)
APPEAL_REJECTED = register(
    "care.appeal_rejected", _("The appeal was rejected: %(reason)s"), personal=["reason"]
)
CLAIM_WITHDRAWN = register("care.claim_withdrawn", _("The claim was withdrawn."))
DECISION_UNDONE = register(
    "care.decision_undone",
    _("The decision on the claim was undone: %(reason)s"),
    personal=["reason"],
)
