"""A mail to the holder of an account when something opens it otherwise than before.

Sent where mail is sent (QAFILA_MAIL). It names the change and the day, and nothing that opens.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from qafila.foundation import clock
from qafila.web.design.tags.moroccan import moment

logger = logging.getLogger(__name__)

CODE_REFUSED = "code_refused"
_PASSWORD = _("Your password is changed")
_CHANGES = {
    "account/email/password_changed": _PASSWORD,
    "account/email/password_reset": _PASSWORD,
    "account/email/password_set": _PASSWORD,
    "mfa/email/totp_activated": _("The second factor is switched on."),
    "mfa/email/totp_deactivated": _("The second factor is switched off."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made."),
    "mfa/email/webauthn_added": _("The key was added."),
    "mfa/email/webauthn_removed": _("The key was removed."),
    CODE_REFUSED: _("The password was right, but the code of the second factor was refused."),
}
_SUBJECT = _("Your Qafila account")
_WHAT_TO_DO = _("If this was not you, tell your administrator at once.")


def tell_holder(change: str, user: Any) -> None:
    """Send the mail, in the account's language; one that cannot be sent is logged."""
    if not settings.MAIL_IS_SENT or change not in _CHANGES:
        return
    with translation.override(user.language):
        told = str(_CHANGES[change]).rstrip(".")
        text = f"{told}.\n{moment(clock.now())}\n\n{_WHAT_TO_DO}\n"
        try:
            send_mail(str(_SUBJECT), text, None, [user.email])
        except OSError:
            logger.exception("The mail about a changed account was not sent.")


def _tell_of_refused_code(user: Any, **_rest: Any) -> None:
    tell_holder(CODE_REFUSED, user)


# The sign-in library says so by its signal alone.
authentication_failed.connect(_tell_of_refused_code, dispatch_uid="mail of a refused code")
