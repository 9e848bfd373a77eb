"""Refusals of the institutions room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class EmailNotValid(DomainError):
    code = "email_not_valid"
    template = _("“%(email)s” is not an e-mail address. Write it like name@example.ma.")


class EmailTaken(DomainError):
    code = "email_taken"
    template = _(
        "Someone already has an account with the address %(email)s. Give that account another "
        "post, or use another address."
    )


class NameMissing(DomainError):
    code = "name_missing"
    template = _("The name is empty. Write the person's family name and first name.")


class PasswordTooWeak(DomainError):
    code = "password_too_weak"
    template = _(
        "This password is too easy to guess. Choose at least eight characters, not only digits, "
        "and not a common word."
    )


class LanguageUnknown(DomainError):
    code = "language_unknown"
    template = _(
        "Qafila is not available in “%(language)s”. Choose Arabic (ar), French (fr) or Amazigh "
        "(zgh)."
    )


class RoleUnknown(DomainError):
    code = "role_unknown"
    template = _("There is no role “%(role)s”. Choose one of: %(known)s.")


class InstitutionUnknown(DomainError):
    code = "institution_unknown"
    template = _("There is no institution with the number %(institution)s. Choose one of the list.")


class TerritoryMissing(DomainError):
    code = "territory_missing"
    template = _("A post needs a territory. Choose the whole country, one region or one province.")


class TerritoryNotClear(DomainError):
    code = "territory_not_clear"
    template = _(
        "A post has one territory. Choose only one of: the whole country, a region, a province."
    )


class PlaceUnknown(DomainError):
    code = "place_unknown"
    template = _(
        "There is no region or province with the code “%(place)s”. Regions look like 06, "
        "provinces like 06.461."
    )


class TerritoryNotYours(DomainError):
    code = "territory_not_yours"
    template = _(
        "This territory goes beyond the one you administer. Ask an administrator of the whole "
        "country."
    )


class NotForYourself(DomainError):
    code = "not_for_yourself"
    template = _("You cannot change your own account or your own posts. Ask another administrator.")


class PostEndsBeforeItBegins(DomainError):
    code = "post_ends_before_it_begins"
    template = _(
        "The last day (%(held_until)s) is before the first day (%(held_from)s). Correct one of "
        "the two dates."
    )


class PostAlreadyHeld(DomainError):
    code = "post_already_held"
    template = _(
        "This person already holds the same role at this institution over the same territory in "
        "that time. End that post first, or choose other dates."
    )


class PostAlreadyEnded(DomainError):
    code = "post_already_ended"
    template = _("This post already ended on %(held_until)s. Nothing was changed.")


class AccountClosed(DomainError):
    code = "account_closed"
    template = _("This account is closed. Open it again first.")


class AccountOpen(DomainError):
    code = "account_open"
    template = _("The account of %(name)s is open. Nothing was changed.")


class AccountUnknown(DomainError):
    code = "account_unknown"
    template = _("Nobody signs in with %(email)s. `qafila accounts list` shows the accounts.")


class SecondFactorMissing(DomainError):
    code = "second_factor_missing"
    template = _("%(name)s has no second factor. Nothing was changed.")


class DemonstrationAccountUnknown(DomainError):
    code = "demonstration_account_unknown"
    template = _(
        "%(email)s is not a demonstration account of this installation. `qafila accounts list` "
        "shows the accounts."
    )


class NoSecondFactor(DomainError):
    code = "no_second_factor"
    template = _("%(email)s signs in with its password alone; there is no code.")


class SecondAdministratorNeeded(DomainError):
    """About an administrator two administrators decide."""

    code = "second_administrator_needed"
    template = _(
        "For the account of an administrator a second administrator has to confirm. It was asked "
        "for; nothing was changed yet."
    )


class ActUnknown(DomainError):
    """Nothing of the kind waits: it was confirmed or refused meanwhile."""

    code = "act_unknown"
    template = _("This was already confirmed or refused. Reload the page.")


class NotToThemselves(DomainError):
    """Files are handed to somebody else, who is still there."""

    code = "not_to_themselves"
    template = _("Choose a colleague whose account is open, other than the person who leaves.")


class AnotherAsked(DomainError):
    """Of each kind one act waits for an account."""

    code = "another_asked"
    template = _(
        "Something else of this kind already waits for a second administrator. Have it confirmed "
        "or refused first."
    )


class PasswordSame(DomainError):
    """The password somebody else chose is not kept."""

    code = "password_same"
    template = _("This is the password you were given. Choose one that only you know.")


class ViewWithoutName(DomainError):
    code = "view_without_name"
    template = _("The view has no name. Write a few words by which you find it again.")


class ViewTooLong(DomainError):
    code = "view_too_long"
    template = _("These filters are too many to be kept. Take some of them away, and save again.")


class TooManyViews(DomainError):
    code = "too_many_views"
    template = _("You keep %(most)s views of this list already. Drop one of them first.")
