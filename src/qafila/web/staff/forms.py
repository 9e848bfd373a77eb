"""What is asked about accounts, posts and the files of someone who leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qafila.foundation.actors import Scope
from qafila.institutions.queries import find_usual_institution, institution_choices
from qafila.institutions.role_names import ROLE_NAMES, STAFF_ROLES
from qafila.institutions.terms import PostTerms
from qafila.places.queries import province_choices, region_choices
from qafila.web.acts.fields import DayField
from qafila.web.site.territory import language
from qafila.web.site.typed_fields import Line, Name

COUNTRY = "MA"


class HandOverForm(forms.Form):
    """Who gets the files of the person who leaves."""

    to = forms.TypedChoiceField(label=_("To whom?"), coerce=int)

    def __init__(self, data: Any, *, colleagues: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = colleagues


class AccountForm(forms.Form):
    """Who the new colleague is; the post comes after."""

    name = Name(label=_("Name in Arabic"), error_messages={"required": _("Write the name.")})
    name_latn = Name(label=_("Name in Latin letters"), required=False)
    email = Line(
        label=_("E-mail address"),
        help_text=_("The person signs in with it."),
        error_messages={"required": _("Write the e-mail address.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "email", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)


class PostForm(forms.Form):
    """A role over a territory, at an institution, from a day on."""

    role = forms.ChoiceField(label=_("Role"))
    territory = forms.ChoiceField(label=_("Territory"))
    institution = forms.ChoiceField(
        label=_("Institution"),
        required=False,
        help_text=_("When you choose none, it is the chamber of the region, or the ministry."),
    )
    held_from = DayField(label=_("First day"))
    held_until = DayField(label=_("Last day"), required=False)

    def __init__(self, data: Any, *, scope: Scope, today: dt.date) -> None:
        super().__init__(data, initial={"held_from": f"{today:%d/%m/%Y}"})
        self._today = today
        self._offer("role", [(role.value, str(ROLE_NAMES[role])) for role in STAFF_ROLES])
        self._offer("territory", _territories(scope))
        self._offer("institution", [("", "—"), *institution_choices(language())])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The institution is the usual one of the territory when none was chosen."""
        typed = super().clean() or {}
        territory = typed.get("territory")
        if territory and not typed.get("institution"):
            region = None if territory == COUNTRY else territory[:2]
            usual = find_usual_institution(region_code=region, year=self._today.year)
            if usual is None:
                raise ValidationError({"institution": [str(_("Choose the institution."))]})
            typed["institution"] = str(usual.pk)
        return typed

    def terms(self) -> PostTerms:
        """The post that a valid form asks for."""
        typed = self.cleaned_data
        territory = typed["territory"]
        return PostTerms(
            role=typed["role"],
            institution_id=int(typed["institution"]),
            held_from=typed["held_from"],
            held_until=typed["held_until"],
            national=territory == COUNTRY,
            region_id=territory if territory != COUNTRY and "." not in territory else None,
            province_id=territory if "." in territory else None,
        )


class EndPostForm(forms.Form):
    """The last day a post is held."""

    last_day = DayField(label=_("Last day"))

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data, initial={"last_day": f"{today:%d/%m/%Y}"})


def _territories(scope: Scope) -> list[tuple[Any, Any]]:
    """The country, whole regions and provinces that lie within the administrator's territory."""
    provinces = [one for one in province_choices(language()) if scope.covers(one[0])]
    everywhere: dict[str, list[str]] = {}
    for code, _name in province_choices(language()):
        everywhere.setdefault(code[:2], []).append(code)
    regions = [
        (code, name)
        for code, name in region_choices(language())
        if all(map(scope.covers, everywhere.get(code, [""])))
    ]
    country: list[tuple[Any, Any]] = [(COUNTRY, _("The whole country"))] if scope.national else []
    return [*country, (_("Regions"), regions), (_("Provinces and prefectures"), provinces)]
