"""The upload of a list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"


class UploadForm(forms.Form):
    """One list file, as its institution sent it."""

    file = forms.FileField(
        label=_("List file"),
        help_text=_("Excel, OpenDocument or CSV, as it came: title rows and totals may stay."),
        error_messages={
            "required": _("Choose the file of the list first."),
            "empty": _("This file is empty. Ask its sender for it again."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
