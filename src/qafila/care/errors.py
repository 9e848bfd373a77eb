"""What the care room refuses, as whole sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class PartnerNameMissing(DomainError):
    code = "partner_name_missing"
    template = _("Write the name of the hospital or pharmacy: it is noted with each check.")


class PartnerUnknown(DomainError):
    code = "partner_unknown"
    template = _(
        "No partner has the client “%(client)s”. `qafila api client list` shows the partners."
    )


class PartnerWithdrawn(DomainError):
    code = "partner_withdrawn"
    template = _("The access of %(name)s was already withdrawn. Nothing was changed.")


class ChecksOutOfRange(DomainError):
    code = "checks_out_of_range"
    template = _("Choose between 1 and %(most)d checks a minute.")


class ActNotFound(DomainError):
    code = "act_not_found"
    template = _(
        "The act “%(act_code)s” has no reference tariff on %(care_on)s. Check the code and the day."
    )


class CareInTheFuture(DomainError):
    code = "care_in_the_future"
    template = _("The day of care, %(care_on)s, is still to come. Check the date.")


class CareOfTheDead(DomainError):
    code = "care_of_the_dead"
    template = _(
        "The patient died on %(died)s, before the day of care, %(care_on)s. Check the day on the "
        "papers."
    )


class CareBeforeBirth(DomainError):
    code = "care_before_birth"
    template = _(
        "The day of care, %(care_on)s, is before the patient's birth on %(born)s. Check both dates."
    )


class ClaimDoubted(DomainError):
    code = "claim_doubted"
    template = _(
        "Something came up since this claim was assessed: %(why)s Assess it again before paying."
    )


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    template = _(
        "An appeal against this refusal could be made until %(until)s. If a reason excuses the "
        "delay, write it with the appeal."
    )


class AmountNotPositive(DomainError):
    code = "amount_not_positive"
    template = _("Write what the person paid for the care, above zero.")


class PatientNotOfFamily(DomainError):
    code = "patient_not_of_family"
    template = _(
        "This patient is not declared in the insured person's family. "
        "Declare the spouse or child first."
    )


class ClaimedAlready(DomainError):
    code = "claimed_already"
    template = _(
        "This care for this patient on this day was already claimed: see claim %(claim)s. If there "
        "were several boxes or sessions, write how many; if it was done a second time that day, "
        "say so."
    )


class QuantityNotPossible(DomainError):
    code = "quantity_not_possible"
    template = _("Write how many there were: from 1 to %(most)d.")


class NoDoctorAsked(DomainError):
    code = "no_doctor_asked"
    template = _("This claim does not wait for a doctor.")


class CareNotAssessed(DomainError):
    code = "care_not_assessed"
    template = _("The law cannot be applied to this care: %(why)s")


class ClaimNotDeclared(DomainError):
    code = "claim_not_declared"
    template = _("The papers of this claim were already received, or the claim is closed.")


class ClaimNotReceived(DomainError):
    code = "claim_not_received"
    template = _("Only a claim whose papers were received can be assessed.")


class ClaimNotAssessed(DomainError):
    code = "claim_not_assessed"
    template = _("Only a claim that was assessed can be paid. Assess it first.")


class ClaimNotPayable(DomainError):
    code = "claim_not_payable"
    template = _("This claim cannot be paid: %(why)s Refuse it with this reason.")


class ClaimNotOpen(DomainError):
    code = "claim_not_open"
    template = _("This claim is not waiting for a decision, so it cannot be refused.")


class ClaimNotRefused(DomainError):
    code = "claim_not_refused"
    template = _("An appeal is possible only against a refusal, and only once.")


class ClaimNotAppealed(DomainError):
    code = "claim_not_appealed"
    template = _("There is no appeal to decide on this claim.")


class ClaimPastWithdrawing(DomainError):
    code = "claim_past_withdrawing"
    template = _("This claim was already decided, so it cannot be withdrawn.")


class ClaimNotDecided(DomainError):
    code = "claim_not_decided"
    template = _("There is no decision on this claim that could be undone.")


class DocumentsNotCounted(DomainError):
    code = "documents_not_counted"
    template = _("Count the papers that come with the claim: from 0 to %(most)d.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    template = _("Write the reason: the person receives it and can appeal.")


class ReferenceMissing(DomainError):
    code = "reference_missing"
    template = _("Write the reference of the transfer, so that the payment can be found again.")


class TariffFileRefused(DomainError):
    code = "tariff_file_refused"
    template = _(
        "%(file)s, row %(row)s, column “%(column)s”: %(problem)s Nothing was imported: "
        "correct the file and import it again."
    )


BY_CODE: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        ClaimedAlready,
        ClaimNotDeclared,
        ClaimNotReceived,
        ClaimNotAssessed,
        ClaimNotOpen,
        ClaimNotRefused,
        ClaimNotAppealed,
        ClaimPastWithdrawing,
        ClaimNotDecided,
        NoDoctorAsked,
    )
}
"""The refusals named in `states.py`."""
