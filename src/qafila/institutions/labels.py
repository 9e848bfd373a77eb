"""What is said about accounts on the screens and on the command line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EMAIL = _("E-mail")
NAME = _("Full name")
POSTS_HELD_TODAY = _("Posts held today")
SECOND_FACTOR = _("Second factor")
STATE = _("Account state")
OPEN, CLOSED = _("Open account"), _("Closed account")
WITH_SECOND_FACTOR, WITHOUT_SECOND_FACTOR = _("Second factor set up"), _("No second factor")
WHOLE_COUNTRY = _("Whole country")
PASSWORD_SHOWN_ONCE = _(
    "%(email)s can sign in with the password %(password)s. It is shown only this once."
)
