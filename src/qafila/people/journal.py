"""The sentences of the people room's journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.foundation.journal import register

FIELD_WORDS: Final[Mapping[str, str | Promise]] = {
    "full_name_ar": pgettext_lazy("field", "Name in Arabic"),
    "family_name_ar": pgettext_lazy("field", "Family name in Arabic"),
    "given_name_ar": pgettext_lazy("field", "Given name in Arabic"),
    "full_name_latn": pgettext_lazy("field", "Name in Latin letters"),
    "family_name_latn": pgettext_lazy("field", "Family name in Latin letters"),
    "given_name_latn": pgettext_lazy("field", "Given name in Latin letters"),
    "card_number": pgettext_lazy("field", "Card number"),
    "birth_date": pgettext_lazy("field", "Date of birth"),
    "sex": pgettext_lazy("field", "Sex"),
    "commune": pgettext_lazy("field", "Commune"),
    "phone": pgettext_lazy("field", "Phone"),
}
"""What people call the fields of a file."""

PERSONS_ADDED = register("people.persons_added", _("%(count)s files were opened."))
PERSONS_MERGED = register(
    "people.persons_merged",
    _("File %(absorbed)s was merged into file %(kept)s; %(moved)s records moved with it."),
)
MERGE_UNDONE = register(
    "people.merge_undone", _("The merge of file %(absorbed)s into file %(kept)s was undone.")
)
PERSON_SPLIT = register(
    "people.person_split",
    _("File %(person)s held two persons: file %(opened)s was opened for the second."),
)
SPLIT_UNDONE = register(
    "people.split_undone", _("File %(opened)s was closed again; it is part of file %(person)s.")
)
PERSON_CORRECTED = register(
    "people.person_corrected",
    _("Corrected: %(fields)s. Before: %(before)s. Now: %(after)s."),
    personal=("before", "after"),
    named={"fields": FIELD_WORDS},
)
LINK_ISSUED = register(
    "people.link_issued",
    _("A personal link to the contributions was issued, valid until %(until)s."),
)
LINK_WITHDRAWN = register("people.link_withdrawn", _("The personal link was withdrawn."))
LINK_OPENED = register("people.link_opened", _("The person opened their personal link."))
LINK_LOCKED = register(
    "people.link_locked", _("The personal link was locked after %(tries)s wrong answers.")
)
HOUSEHOLD_JOINED = register(
    "people.household_joined",
    _("The person lives with file %(other)s, by the document %(document)s."),
    personal=("document",),
)
HOUSEHOLD_LEFT = register(
    "people.household_left",
    _("The person left the household, by the document %(document)s."),
    personal=("document",),
)
MOVED_ALONG = register(
    "people.moved_along", _("The person moved along with the household of file %(other)s.")
)
CONSENT_GIVEN = register("people.consent_given", _("The person agreed (purpose: %(purpose)s)."))
CONSENT_WITHDRAWN = register(
    "people.consent_withdrawn", _("The person no longer agrees (purpose: %(purpose)s).")
)
ERASURE_ASKED = register(
    "people.erasure_asked",
    _("Erasure of the person's data was asked for: %(reason)s"),
    personal=("reason",),
)
ERASURE_REFUSED = register(
    "people.erasure_refused", _("The erasure that was asked for was not done.")
)
PERSON_ERASED = register(
    "people.person_erased",
    _("Data of the person were erased: rows %(rows)s; kept by law: %(kept)s."),
)
FILE_BEGUN = register("people.file_begun", _("The file was opened for the person."))
FILE_CLOSED_AGAIN = register(
    "people.file_closed_again", _("A file that was opened by mistake was closed again.")
)
ACCESS_ASKED = register(
    "people.access_asked",
    _("Access to the file was asked for from another territory: %(reason)s"),
    personal=("reason",),
)
ACCESS_WITHDRAWN = register(
    "people.access_withdrawn", _("The request for access to the file was taken back.")
)
ACCESS_GRANTED = register(
    "people.access_granted", _("Access to the file was granted until %(until)s.")
)
ACCESS_REFUSED = register(
    "people.access_refused",
    _("Access to the file was refused: %(reason)s"),
    personal=("reason",),
)
ACCESS_ANSWER_UNDONE = register(
    "people.access_answer_undone", _("The answer about access to the file was taken back.")
)
