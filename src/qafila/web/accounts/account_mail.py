"""A mail to the holder of an account when something opens it otherwise than before.

Sent where mail is sent (QAFILA_MAIL). It names the change and the day, and nothing that opens.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation import clock
from qafila.web.design.tags.moroccan import moment

logger = logging.getLogger(__name__)

_PASSWORD = _("Your password is changed")
_CODE_REFUSED = _("The password was right, but the code of the second factor was refused.")
_NEW_CODES = _("New recovery codes were made.")
_ADDED = {
    "totp": _("The second factor is switched on."),
    "webauthn": _("The key was added."),
    "recovery_codes": _NEW_CODES,
}
_REMOVED = {
    "totp": _("The second factor is switched off."),
    "webauthn": _("The key was removed."),
}
_SUBJECT = _("Your Qafila account")
_WHAT_TO_DO = _("If this was not you, inform your administrator at once.")


def tell_holder(change: str | Promise, user: Any) -> None:
    """Send the mail, in the account's language; one that cannot be sent is logged."""
    if not settings.MAIL_IS_SENT:
        return
    with translation.override(user.language):
        text = f"{str(change).rstrip('.')}.\n{moment(clock.now())}\n\n{_WHAT_TO_DO}\n"
        try:
            send_mail(str(_SUBJECT), text, None, [user.email])
        except OSError:
            logger.exception("The mail about a changed account was not sent.")


def _password(user: Any, **_rest: Any) -> None:
    tell_holder(_PASSWORD, user)


def _added(user: Any, authenticator: Any, **_rest: Any) -> None:
    tell_holder(_ADDED[authenticator.type], user)


def _removed(user: Any, authenticator: Any, **_rest: Any) -> None:
    if authenticator.type in _REMOVED:
        tell_holder(_REMOVED[authenticator.type], user)


def _codes_made(user: Any, **_rest: Any) -> None:
    tell_holder(_NEW_CODES, user)


def _code_refused(user: Any, **_rest: Any) -> None:
    tell_holder(_CODE_REFUSED, user)


# The sign-in library says what was done by its signals.
for changed in (account.password_changed, account.password_reset, account.password_set):
    changed.connect(_password, dispatch_uid="mail of a password")
mfa.authenticator_added.connect(_added, dispatch_uid="mail of a factor")
mfa.authenticator_removed.connect(_removed, dispatch_uid="mail of a factor")
mfa.authenticator_reset.connect(_codes_made, dispatch_uid="mail of codes")
mfa.authentication_failed.connect(_code_refused, dispatch_uid="mail of a refused code")
