"""Forms for what happens in a family: a day or a school year, and the paper that shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.enrolment.family.life_events import NewEvent
from qafila.web.acts.fields import DayField, PaperField, ReasonField
from qafila.web.site.typed_fields import Line

KINDS = {
    "schooling": pgettext_lazy("family event", "Schooling certificate"),
    "disability": pgettext_lazy("family event", "Disability"),
    "own_scheme": pgettext_lazy("family event", "Health insurance of their own"),
    "marriage": pgettext_lazy("family event", "Marriage of the child"),
    "divorce": pgettext_lazy("family event", "Divorce"),
    "custody": pgettext_lazy("family event", "Change of custody"),
    "death": pgettext_lazy("family event", "Death"),
}
_DAYS = {
    "disability": _("Certified on"),
    "own_scheme": _("Insured since"),
    "marriage": _("Married on"),
    "divorce": _("Divorced on"),
    "custody": _("Since when?"),
    "death": _("Died on"),
}
CUSTODY = (
    ("insured", pgettext_lazy("custody", "The insured person")),
    ("other_parent", pgettext_lazy("custody", "The other parent")),
    ("third_person", pgettext_lazy("custody", "Someone else")),
)
# The school year as schools and universities count it: from the first of September.
_SCHOOL_STARTS = (9, 1)
_YEARS_BACK = 3


class EventForm(forms.Form):
    """When it happened and which paper shows it; for schooling, which school year."""

    since = DayField()
    until = DayField(
        label=_("First day it holds no more"),
        required=False,
        help_text=_("Empty while it holds. Day, month, year: 30/11/2026."),
    )
    year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    custody = forms.ChoiceField(
        label=_("Who has the child now?"),
        choices=CUSTODY,
        widget=forms.RadioSelect,
        help_text=_(
            "The judgment or the agreement says it. The child is covered through the "
            "insured person or the other parent from that day on; earlier days stay."
        ),
    )
    document = Line(
        label=_("Paper seen"),
        help_text=_("Its kind and its number or date, such as: certificate no. 214 of 3 May 2026."),
        max_length=120,
    )

    def __init__(self, data: Any, *, kind: str, today: dt.date) -> None:
        super().__init__(data)
        self.kind = kind
        if kind != "custody":
            del self.fields["custody"]
        if kind not in ("own_scheme", "disability"):
            del self.fields["until"]
        if kind == "schooling":
            del self.fields["since"]
            begun = today.year - (today < dt.date(today.year, *_SCHOOL_STARTS))
            years = [
                (begun - back, f"{begun - back}/{begun - back + 1}") for back in range(_YEARS_BACK)
            ]
            self.fields["year"].choices = years  # type: ignore[attr-defined]
        else:
            del self.fields["year"]
            self.fields["since"].label = _DAYS[kind]

    def event(self, dependant_id: int | None) -> NewEvent:
        """What the form tells."""
        told = self.cleaned_data
        if self.kind == "schooling":
            first, last = (dt.date(told["year"] + add, *_SCHOOL_STARTS) for add in (0, 1))
            return NewEvent(self.kind, first, last, told["document"], dependant_id)
        who = told.get("custody", "")
        until = told.get("until")
        return NewEvent(self.kind, told["since"], until, told["document"], dependant_id, who)


class TakeBackForm(forms.Form):
    """Why an event is taken back."""

    reason = ReasonField(label=_("Why is it reversed?"), help_text="")


class EndForm(forms.Form):
    """The first day an event holds no more, and its paper."""

    until = DayField(label=_("First day it holds no more"))
    document = PaperField(
        label=_("Paper seen"),
        help_text=_("Its kind and its number or date, such as: certificate no. 214 of 3 May 2026."),
    )
