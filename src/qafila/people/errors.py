"""What the people room refuses, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError, NotFoundInScope, Question
from qafila.people.journal import FIELD_WORDS


class FileMerged(NotFoundInScope):
    """The file asked for was merged into `params["kept"]`, which the actor may see."""

    code = "file_merged"
    template = _(
        "File %(person)s was merged into file %(kept)s meanwhile. Open that file and do it there."
    )

    @property
    def kept(self) -> int:
        """The number of the file that was kept."""
        return int(self.params["kept"])


class AlreadyMerged(DomainError):
    """One of the two persons was merged into another before."""

    code = "already_merged"
    template = _(
        "File %(person)s was already merged into another file. Open that file and start again."
    )


class MergeWithItself(DomainError):
    """The two files given are the same one."""

    code = "merge_with_itself"
    template = _("A file cannot be merged with itself. Choose two different files.")


class MergeAlreadyUndone(DomainError):
    """Somebody undid this merge before."""

    code = "merge_already_undone"
    template = _("This merge was already undone. Reload the page.")


class LaterMergeStands(DomainError):
    """The kept person was itself merged on: that merge has to be undone first."""

    code = "later_merge_stands"
    template = _(
        "File %(kept)s was itself merged into file %(into)s later. Undo that later merge first."
    )


class LaterMergeMet(DomainError):
    """What this merge brought met what a later one brought: that one has to be undone first."""

    code = "later_merge_met"
    template = _(
        "File %(other)s was merged into this file later, and its records met those of this merge. "
        "Undo that later merge first."
    )


class MovedOnSince(DomainError):
    """A row the merge moved belongs to a third person by now, or its place is taken."""

    code = "moved_on_since"
    template = _(
        "This merge cannot be undone exactly: %(rows)s of the records it moved (%(what)s) were "
        "changed since. Undo those later changes first."
    )


class WrittenSince(DomainError):
    """The common file got rows since the merge of which nobody can say whose they are."""

    code = "written_since"
    template = _(
        "This merge cannot be undone yet. Since then the common file got: %(what)s. Nobody can say "
        "of which of the two persons. Take these back, undo the merge, and write them again in the "
        "right file."
    )


class BothHave(DomainError):
    """Both files have what a person has once."""

    code = "both_have"
    template = _(
        "These two files cannot be merged yet: both have %(what)s that still run. End one of the "
        "two first."
    )


class OneOfTheFamily(DomainError):
    """One of the two is declared as the spouse or child of the other."""

    code = "one_of_the_family"
    template = _(
        "These two files cannot be one person: file %(member)s is declared as a spouse or child of "
        "file %(insured)s. If that is wrong, take the declaration back first."
    )


class FamilyForbidsMerge(DomainError):
    """The common file would have a family that cannot be."""

    code = "family_forbids_merge"
    template = _("These two files cannot be merged yet, because of the family: %(why)s")


class FileUsedSince(DomainError):
    """Something hangs on the file a split opened, so that it cannot be closed."""

    code = "file_used_since"
    template = _(
        "This cannot be undone exactly: file %(person)s was used since (%(what)s). Merge the two "
        "files instead if they are one person."
    )


class NotCorrectable(DomainError):
    """The field is not one a person may correct."""

    code = "not_correctable"
    template = _("The field “%(field)s” cannot be corrected here. Choose a field of the form.")


class UnusableValue(DomainError):
    """The new value cannot be what the field holds."""

    code = "unusable_value"
    template = _(
        "“%(value)s” cannot be used for the field “%(field)s”. Check it on the document and "
        "type it again."
    )

    def sentence(self) -> str:
        """The sentence, with the field as people call it."""
        field = str(self.params["field"])
        return str(self.template) % {**self.params, "field": FIELD_WORDS.get(field, field)}


class CardHeldByAnother(DomainError):
    """Another active file holds this card number."""

    code = "card_held_by_another"
    template = _(
        "The card %(card)s belongs to file %(file)s. Check the number on the card; if the two "
        "files are one person, merge them."
    )


class HouseholdAsked(DomainError):
    """Others live with the person who moves: the answer is `along` or `stays`."""

    code = "household_asked"
    template = _(
        "Others live with this person: %(people)s. Say whether they move along or stay where they "
        "are."
    )


class HouseholdProofMissing(DomainError):
    """A household is kept by papers."""

    code = "household_proof_missing"
    template = _("Write which paper shows the address: its kind and its number or date.")


class SameHousehold(DomainError):
    """The two live together already, or are one person."""

    code = "same_household"
    template = _("These two live together already. Nothing was changed.")


class NoHousehold(DomainError):
    """Nobody lives with the person."""

    code = "no_household"
    template = _("Nobody is recorded as living with this person. Nothing was changed.")


class NameMissing(DomainError):
    """A correction would leave the person without any name."""

    code = "name_missing"
    template = _("A file needs a name in at least one script. Type the name.")


class LinkNeedsCardAndBirth(DomainError):
    """Without a card number and a year of birth nobody could open the link."""

    code = "link_needs_card_and_birth"
    template = _(
        "A personal link is opened with the card number and the year of birth, and this file lacks "
        "one of them. Write them in the file first."
    )


class CodeNotWhole(DomainError):
    """What was typed cannot be a code: another length, or a digit mistyped."""

    code = "code_not_whole"
    template = _(
        "The code has %(wanted)s digits, and one of those you typed is wrong or missing. Read it "
        "again on your sheet."
    )


class CodeUnknown(DomainError):
    """No link has this code, or it is over."""

    code = "code_unknown"
    template = _(
        "No sheet with this code is valid. Check it, or ask a contact point for a new sheet."
    )


class CodeTriedTooOften(DomainError):
    """The same code was typed again and again."""

    code = "code_tried_too_often"
    template = _("This code was typed too often. Wait an hour and try again.")


class PurposeUnknown(DomainError):
    """Consent is asked for a purpose of the list alone."""

    code = "purpose_unknown"
    template = _("There is no purpose “%(purpose)s” that consent is asked for. Reload the page.")


class ErasureAsked(DomainError):
    """One erasure waits for a person at a time."""

    code = "erasure_asked"
    template = _("Erasure was asked for already. A second colleague has to decide about it.")


class ErasureUnknown(DomainError):
    """Nothing waits any more."""

    code = "erasure_unknown"
    template = _("This was decided already. Reload the page.")


class ErasureOwn(DomainError):
    """Two people decide about an erasure."""

    code = "erasure_own"
    template = _("You asked for it yourself. Another colleague has to confirm it.")


class FileErased(DomainError):
    """The person's data were erased: nothing more is written about them."""

    code = "file_erased"
    template = _("The data of this file were erased. Open a new file if the person comes back.")


class MergesStand(DomainError):
    """A file that holds merges could not be taken apart any more once it is erased."""

    code = "merges_stand"
    template = _(
        "Other files were merged into this one. Undo the merges first, then erase each file."
    )


class ErasureReasonMissing(DomainError):
    """An erasure names who asked for it and how."""

    code = "erasure_reason_missing"
    template = _("Write who asked for the erasure, and when.")


class PlaceNeeded(DomainError):
    """A file without a commune would be seen by national roles alone."""

    code = "place_needed"
    template = _("Write the commune where the person lives: it says whose file it is.")


class PlaceElsewhere(DomainError):
    """The commune lies outside the actor's territory."""

    code = "place_elsewhere"
    template = _(
        "This commune lies outside your territory. The file is opened by those who work there."
    )


class KnownElsewhere(DomainError):
    """A file outside the territory holds the card; nothing of it is told."""

    code = "known_elsewhere"
    template = _(
        "This card is known outside your territory. Ask for access to the file instead of opening "
        "another."
    )


class PerhapsKnown(Question):
    """Files of the territory look like this person; the page shows them."""

    code = "perhaps_known"
    template = _(
        "Somebody like this has a file already: look at those below. If none is this person, say "
        "so and send again."
    )


class TooManyProbes(DomainError):
    """So many numbers were looked for outside the territory that it stops for a while."""

    code = "too_many_probes"
    template = _(
        "You looked for many numbers outside your territory. Wait an hour, or ask your supervisor."
    )


class NobodyElsewhere(DomainError):
    """No file outside the territory holds the number."""

    code = "nobody_elsewhere"
    template = _("This number is not known outside your territory either.")


class AccessAskedBefore(DomainError):
    """The same actor's request about the same person still waits, or was granted."""

    code = "access_asked_before"
    template = _("You have asked for this file already. The answer shows on this page.")


class RequestAnswered(DomainError):
    """The request no longer waits for an answer."""

    code = "request_answered"
    template = _("This request was answered, taken back or is too old. Reload the page.")


class AccessReasonNeeded(DomainError):
    """A request, and a refusal, say why."""

    code = "access_reason_needed"
    template = _("Write the reason in a sentence.")
