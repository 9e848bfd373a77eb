"""The code of a sheet, and the two questions that open a personal link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qafila.web.site.typed_fields import Line


class CodeForm(forms.Form):
    """The twelve digits of the sheet."""

    code = Line(
        label=_("The code on your sheet"),
        help_text=_("Twelve digits in three groups, such as 1234 5678 9012."),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "inputmode": "numeric",
                "class": "big-code",
            }
        ),
        error_messages={"required": _("Write the code of your sheet.")},
    )


class OpenForm(forms.Form):
    """The end of the national card's number and the year of birth."""

    card_end = Line(
        label=_("The last four characters of your national card"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Write the last four characters of the card.")},
    )
    birth_year = Line(
        label=_("Your year of birth"),
        max_length=10,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("Write your year of birth.")},
    )
