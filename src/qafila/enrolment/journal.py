"""What enrolment writes into the journal."""

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

LISTED_ENROLLED = register(
    "enrolment.listed_enrolled", _("%(enrolled)d people were enrolled from the fund's list.")
)
REGISTERED_DECLARED = register(
    "enrolment.registered_declared",
    _("%(declared)d people of the register were declared to the fund from %(month)s."),
)
DEPENDANTS_NOTED = register(
    "enrolment.dependants_noted", _("%(noted)d spouses mentioned by lists were recorded.")
)
ENROLMENT_DECLARED = register(
    "enrolment.declared", _("The person was declared to the fund from %(month)s.")
)
ENROLMENT_CONFIRMED = register(
    "enrolment.confirmed",
    _("The fund enrolled the person under the number %(fund_number)s."),
    personal=["fund_number"],
)
ENROLMENT_CLOSED = register(
    "enrolment.closed",
    _("The enrolment was closed on %(closed_on)s: %(reason)s"),
    personal=["reason"],
)
ENROLMENT_REOPENED = register(
    "enrolment.reopened",
    _("The end of the enrolment was cancelled: %(reason)s"),
    personal=["reason"],
)
LIFE_EVENT_ENDED = register(
    "enrolment.life_event_ended",
    _(
        "The event recorded since %(since)s (%(kind)s) ended on %(until)s, by the document "
        "%(document)s."
    ),
    personal=["document"],
)
ENROLMENT_DECIDED = register(
    "enrolment.decided",
    _("Of the enrolments that met, this one goes on; the others end on %(closed_on)s: %(reason)s"),
    personal=("reason",),
)
FACTS_CORRECTED = register(
    "enrolment.facts_corrected",
    _("The tax facts of the enrolment were corrected by the document %(document)s."),
    personal=("document",),
)
CATEGORY_CHANGED = register(
    "enrolment.category_changed",
    _("The category changed from %(month)s on."),
)
DEPENDANT_DECLARED = register(
    "enrolment.dependant_declared", _("A member of the family was declared.")
)
DEPENDANT_REMOVED = register(
    "enrolment.dependant_removed",
    _("A member of the family was removed: %(reason)s"),
    personal=["reason"],
)
NO_FAMILY_STATED = register(
    "enrolment.no_family_stated",
    _("The person stated that there is no spouse or child to declare."),
)
NO_FAMILY_TAKEN_BACK = register(
    "enrolment.no_family_taken_back",
    _("That there is nobody to declare was taken back: the family is to be asked about."),
)
LIFE_EVENT_TOLD = register(
    "enrolment.life_event_told",
    _("An event of the family from %(since)s was recorded with its document."),
    personal=["document"],
)
LIFE_EVENT_TAKEN_BACK = register(
    "enrolment.life_event_taken_back",
    _("An event of the family from %(since)s was cancelled: %(reason)s"),
    personal=["reason"],
)
PAID_YEARLY = register(
    "enrolment.paid_yearly", _("The person chose to pay the whole year %(year)s at once.")
)
PAID_QUARTERLY = register(
    "enrolment.paid_quarterly", _("The person chose to pay the year %(year)s by the quarter.")
)
FINAL_TAX_TOLD = register(
    "enrolment.final_tax_told",
    _("The final tax of the year %(year)s was recorded: %(tax)s DH."),
    personal=["tax"],
)
FINAL_TAX_TAKEN_BACK = register(
    "enrolment.final_tax_taken_back",
    _("The final tax of the year %(year)s was cancelled: %(reason)s"),
    personal=["reason"],
)
DECLARATION_CORRECTED = register(
    "enrolment.declaration_corrected",
    _("What is declared of a member of the family was corrected by the document %(document)s."),
    personal=["document"],
)
