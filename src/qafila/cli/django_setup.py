"""Django is prepared only by the commands that need it: the others start at once."""

from __future__ import annotations

import os


def prepare_django() -> None:
    """Load the settings and the rooms; the database is reached at the first query, not here."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    django.setup()
    _speak_the_person_s_language()


def _speak_the_person_s_language() -> None:
    """The language of the terminal (QAFILA_LANGUAGE, else LANG) when Qafila speaks it."""
    from django.conf import settings
    from django.utils import translation

    wanted = os.environ.get("QAFILA_LANGUAGE") or os.environ.get("LANG", "")
    code = wanted.split("_")[0].split(".")[0]
    if code in dict(settings.LANGUAGES):
        translation.activate(code)
    else:
        translation.deactivate_all()
