"""The upload of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"


class UploadForm(forms.Form):
    """One list file, as its institution sent it, and where its people are who name no place.

    The province is asked only of those whose territory has several, and the institution only of
    those who hold posts at several.
    """

    file = forms.FileField(
        label=_("List file"),
        help_text=_("Excel, OpenDocument or CSV, as it came: title rows and totals may stay."),
        error_messages={
            "required": _("Choose the file of the list first."),
            "empty": _("This file is empty. Ask its sender for it again."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    province = forms.ChoiceField(
        label=_("Province of rows without a place"),
        help_text=_("Rows of the list that name no commune or province are put there."),
        error_messages={"required": _("Choose the province of rows that name no place.")},
    )

    institution = forms.ChoiceField(
        label=_("Institution that hands in the list"),
        error_messages={"required": _("Choose the institution that hands in the list.")},
    )

    def __init__(
        self,
        *args: Any,
        provinces: Sequence[tuple[str, str]],
        institutions: Sequence[tuple[str, str]],
        required: bool,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._offer("province", provinces, required=required)
        self._offer("institution", institutions, required=True)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], *, required: bool) -> None:
        """The question with its answers; no question where there is one answer or none."""
        if len(choices) < 2:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.required = required
        field.choices = [("", "—"), *choices]
