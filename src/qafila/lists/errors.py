"""What the lists room refuses, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class NotACorrection(DomainError):
    """The list said to be corrected is of another institution, failed, or was corrected before."""

    code = "not_a_correction"
    template = _(
        "The file %(file)s cannot correct import %(corrects)s: it must come from the same "
        "institution, and that import must be read and not corrected before. Choose the latest "
        "import of this list."
    )


class OtherKindOfList(DomainError):
    """The correcting file is another kind of list than the one it corrects."""

    code = "other_kind_of_list"
    template = _(
        "The file %(file)s is a list of another kind (%(source)s) than import %(corrects)s "
        "(%(expected)s). Check the file, or import it without saying that it corrects."
    )


class UploadGone(DomainError):
    """The bytes of an upload are no longer kept."""

    code = "upload_gone"
    template = _("The uploaded file %(file)s is no longer kept. Upload it again.")


class UploadTooLarge(DomainError):
    """More bytes than one list may have."""

    code = "upload_too_large"
    template = _(
        "The file %(file)s is larger than %(limit)s MB. Divide it into several files and upload "
        "them one by one."
    )


class PairGone(DomainError):
    """A row of the pair no longer speaks of a person: its list was corrected."""

    code = "pair_gone"
    template = _(
        "One of these two rows was replaced by a corrected list. Reload the page: the pair is "
        "asked again if it still matters."
    )


class NothingDecided(DomainError):
    """There is no decision to undo."""

    code = "nothing_decided"
    template = _("Nobody decided this pair, so there is nothing to undo. Reload the page.")


class DecidedOtherwise(DomainError):
    """The decision would contradict one that somebody took about other rows of these files."""

    code = "decided_otherwise"
    template = _(
        "This contradicts a decision about rows %(left)s and %(right)s of these files. Undo that "
        "decision first: it is in the person's file, under Lists."
    )


class OnlyRow(DomainError):
    """The only row of a file cannot be taken out of it."""

    code = "only_row"
    template = _(
        "This is the only row about file %(person)s, so it cannot be taken out of it. Correct the"
        " file instead."
    )
