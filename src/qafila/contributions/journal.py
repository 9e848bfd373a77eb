"""What the journal says about contributions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

MONTH_RUN = register(
    "contributions.month_run",
    _("The contributions of %(month)s were called: %(calls)s calls, %(total_dh)s DH."),
)
COUNTER_POSTING_ASKED = register(
    "contributions.counter_posting_asked",
    _("The counter-posting of %(month)s was asked for: %(reason)s"),
)
COUNTER_POSTING_CONFIRMED = register(
    "contributions.counter_posting_confirmed",
    _("The counter-posting of %(month)s was confirmed by a second person."),
)
COUNTER_POSTING_REFUSED = register(
    "contributions.counter_posting_refused",
    _("The counter-posting of %(month)s was not carried out."),
)
MONTH_COUNTER_POSTED = register(
    "contributions.month_counter_posted",
    _("The run of %(month)s was counter-posted: %(calls)s calls, %(total_dh)s DH reversed."),
)
REFUND_ASKED = register(
    "contributions.refund_asked",
    _("A refund of %(amount_dh)s DH was asked for: %(reason)s"),
    personal=("amount_dh", "reason"),
)
REFUND_REFUSED = register(
    "contributions.refund_refused",
    _("A refund of %(amount_dh)s DH was refused: %(reason)s"),
    personal=("amount_dh", "reason"),
)
REFUND_APPROVED = register(
    "contributions.refund_approved",
    _("A refund of %(amount_dh)s DH was approved by a second person."),
    personal=("amount_dh",),
)
REFUND_CANCELLED = register(
    "contributions.refund_cancelled",
    _("An approved refund of %(amount_dh)s DH was cancelled: %(reason)s"),
    personal=("amount_dh", "reason"),
)
REFUND_PAID = register(
    "contributions.refund_paid",
    _("%(amount_dh)s DH were paid out to the person on %(day)s."),
    personal=("amount_dh",),
)
REFUND_RETURNED = register(
    "contributions.refund_returned",
    _("A refund of %(amount_dh)s DH came back on %(day)s and is credit again."),
    personal=("amount_dh",),
)
ARREARS_OPENED = register(
    "contributions.arrears_opened",
    _("The unpaid months the fund reported were opened: %(calls)s calls, %(total_dh)s DH."),
)
MONTH_CLOSED = register("contributions.month_closed", _("The month %(month)s was closed."))
PAYMENTS_BOOKED = register(
    "contributions.payments_booked",
    _(
        "A payment file was booked: %(read)s rows read, %(accepted)s accepted, %(rejected)s "
        "rejected, %(repeated)s repeated, %(total_dh)s DH."
    ),
)
PAYMENT_RECORDED = register(
    "contributions.payment_recorded",
    _("A payment of %(amount_dh)s DH was recorded."),
    personal=("amount_dh",),
)
PAYMENT_NOTED = register(
    "contributions.payment_noted",
    _("A receipt of %(amount_dh)s DH was recorded; the fund has to confirm it."),
    personal=("amount_dh",),
)
NOTE_TAKEN_BACK = register(
    "contributions.note_taken_back",
    _("The receipt of a payment was cancelled: %(reason)s"),
    personal=("reason",),
)
PAYMENT_REVERSED = register(
    "contributions.payment_reversed",
    _("A payment of %(amount_dh)s DH was reversed: %(reason)s"),
    personal=("amount_dh", "reason"),
)
CORRECTIONS_POSTED = register(
    "contributions.corrections_posted",
    _("Earlier months were corrected: %(more)s amounts raised, %(less)s amounts lowered."),
)
YEARS_SETTLED = register(
    "contributions.years_settled",
    _("The year %(year)s was settled by its final taxes: %(more)s owe more, %(less)s owe less."),
)
WORK_ITEM_ENDED = register(
    "contributions.work_item_ended",
    _("A matter about contributions was ended: %(outcome)s"),
    personal=("outcome",),
)
WORK_ITEM_END_ASKED = register(
    "contributions.work_item_end_asked",
    _("A matter waits for a second person to confirm what was done: %(outcome)s"),
    personal=("outcome",),
)
WORK_ITEM_REOPENED = register(
    "contributions.work_item_reopened",
    _("A matter that had been ended was opened again."),
)
RELIEF_ASKED = register(
    "contributions.relief_asked",
    _("Relief under law 41-23 was asked for, with arrears of %(arrears_dh)s DH."),
    personal=("arrears_dh",),
)
RELIEF_ERASED = register(
    "contributions.relief_erased",
    _("Old arrears of %(erased_dh)s DH were erased under law 41-23."),
    personal=("erased_dh",),
)
RELIEF_LOST = register(
    "contributions.relief_lost",
    _("Relief under law 41-23 was lost on %(lost_on)s: a month was not paid in time."),
    personal=("lost_on",),
)
PLAN_AGREED = register(
    "contributions.plan_agreed",
    _("Payment of %(total_dh)s DH in %(instalments)s instalments was agreed."),
    personal=("total_dh",),
)
PLAN_ENDED = register(
    "contributions.plan_ended",
    _("The plan of instalments was ended: %(reason)s"),
    personal=("reason",),
)
PLANS_REVIEWED = register(
    "contributions.plans_reviewed",
    _("Plans of instalments were reviewed: %(kept)s kept, %(broken)s broken."),
)
BOOKS_PROVED = register(
    "contributions.books_proved",
    _("The books balance: %(lines)s lines checked."),
)
REOPENING_ASKED = register(
    "contributions.reopening_asked",
    _("The reopening of %(month)s was asked for: %(reason)s"),
)
REOPENING_REFUSED = register(
    "contributions.reopening_refused", _("The month %(month)s was not opened again.")
)
MONTH_REOPENED = register(
    "contributions.month_reopened",
    _("The books of %(month)s were opened again by a second person."),
)
