"""Forms about care: what was given, where, and what was paid; decisions on claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.care.errors import ClaimedAlready
from qafila.web.acts.fields import DayField
from qafila.web.design.figures import money_text
from qafila.web.pay.forms import plain_amount
from qafila.web.site.typed_fields import Line, Note
from qafila_law.wording.sentences import error_sentence

MOST_CHOICES = 300
PLACES = (
    ("public", pgettext_lazy("care", "Public hospital or health centre")),
    ("private", pgettext_lazy("care", "Private clinic, doctor or pharmacy")),
)
ILLNESSES = (
    ("", pgettext_lazy("care", "No")),
    ("ald", pgettext_lazy("care", "Yes, a long illness (ALD)")),
    ("alc", pgettext_lazy("care", "Yes, a long and costly illness (ALC)")),
)


class _PaidField(Line):
    """An amount of money that was paid; the form makes centimes of it."""

    def in_words(self, value: Any) -> str:
        """The amount as people write it."""
        return "" if value is None else money_text(value)


class CareForm(forms.Form):
    """An act of care on a day. `acts` are (code, name) pairs, `family` (id, name) pairs."""

    patient = forms.ChoiceField(label=pgettext_lazy("care", "Who was cared for?"))
    act_code = Line(
        label=pgettext_lazy("care", "Care given"),
        max_length=20,
        error_messages={"required": _("Choose the care that was given.")},
    )
    care_on = DayField(
        label=pgettext_lazy("care", "Day of care"),
        error_messages={"required": _("Write the day of care.")},
    )
    place = forms.ChoiceField(
        label=pgettext_lazy("care", "Where?"),
        choices=PLACES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the care was given.")},
    )
    illness = forms.ChoiceField(
        label=pgettext_lazy("care", "Does the care belong to a long illness?"),
        choices=ILLNESSES,
        required=False,
    )
    paid = _PaidField(
        label=pgettext_lazy("care", "Amount paid, in dirhams"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": _("Write what the person paid.")},
    )

    def __init__(
        self,
        *args: Any,
        acts: Sequence[tuple[str, str]],
        family: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(family) > 1:
            self.fields["patient"].choices = family  # type: ignore[attr-defined]
        else:
            del self.fields["patient"]
        if len(acts) <= MOST_CHOICES:
            choose = ("", pgettext_lazy("care", "Choose"))
            self.fields["act_code"].widget = forms.Select(choices=[choose, *acts])

    def clean_paid(self) -> int | None:
        """Centimes, or None when nothing was written."""
        text = plain_amount(self.cleaned_data["paid"])
        if text is None:
            return None
        try:
            return qafila_law.centimes_of(text, "fact_amount")
        except qafila_law.LawError as error:
            language = get_language() or "ar"
            known = language if language in qafila_law.LANGUAGES else qafila_law.SOURCE_LANGUAGE
            raise forms.ValidationError(error_sentence(error, known)) from error

    def asked(self) -> dict[str, Any]:
        """The care, as the care room's queries and actions are asked."""
        data = self.cleaned_data
        return {
            "act_code": data["act_code"],
            "care_on": data["care_on"],
            "paid_centimes": data["paid"],
            "place": data["place"],
            "illness": data["illness"],
        }


class EstimateForm(CareForm):
    """What would come back: the amount may be left out, then the tariff is taken."""

    paid = _PaidField(
        label=pgettext_lazy("care", "Amount paid, in dirhams"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty to use the reference tariff."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}),
    )


class ClaimForm(CareForm):
    """Care that was paid for, to be claimed."""

    documents = forms.IntegerField(
        label=pgettext_lazy("care", "How many papers come with it?"),
        min_value=0,
        max_value=99,
        initial=1,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )

    quantity = forms.IntegerField(
        label=pgettext_lazy("care", "How many boxes or sessions?"),
        min_value=1,
        max_value=99,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )
    another_time = forms.BooleanField(
        label=_("It was done a second time on the same day."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("another_time"):
            self.fields["another_time"].widget = forms.HiddenInput()

    def ask_whether_twice(self, claim_id: int) -> None:
        """Show the question about a second time that day, with the claim it may repeat."""
        self.fields["another_time"].widget = forms.CheckboxInput()
        link = reverse("claim", args=[claim_id])
        told = _("See claim %(claim)s") % {"claim": claim_id}
        self["another_time"].help_text = format_html('<a href="{}">{}</a>', link, told)

    def asked(self) -> dict[str, Any]:
        """The care, how much of it, and the papers counted."""
        data = self.cleaned_data
        return {
            **super().asked(),
            "documents": data["documents"],
            "quantity": data["quantity"] or 1,
            "another_time": data["another_time"],
        }


FIELD_OF = {
    "claimed_already": "another_time",
    "care_in_the_future": "care_on",
    "amount_not_positive": "paid",
    "act_not_found": "act_code",
    "quantity_not_possible": "quantity",
    "documents_not_counted": "documents",
    "patient_not_of_family": "patient",
}
"""Code of a refusal → the field it is about."""


@contextmanager
def asked_if_twice(form: ClaimForm) -> Iterator[None]:
    """When the care was claimed already, the form asks whether it was done a second time."""
    try:
        yield
    except ClaimedAlready as known:
        form.ask_whether_twice(int(known.params["claim"]))
        raise


class ReferenceForm(forms.Form):
    """The fund's transfer."""

    reference = Line(
        label=pgettext_lazy("care", "Reference of the transfer"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class ClaimReasonForm(forms.Form):
    """Why a claim is refused, appealed, or its decision undone."""

    reason = Note(
        label=pgettext_lazy("care", "Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TakeAppealForm(ClaimReasonForm):
    """The person's appeal, and why it comes late where it does."""

    late_excuse = Line(
        label=_("Why does the appeal come late?"),
        required=False,
        help_text=_("Only after the time limit for appeals."),
    )


class AppealForm(forms.Form):
    """An appeal that is granted."""

    waive_deadline = forms.BooleanField(
        label=_("There was a good reason for filing late."), required=False
    )
