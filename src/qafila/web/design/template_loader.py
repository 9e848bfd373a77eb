"""Templates as people write them, pages as machines read them: indentation is not sent."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import Origin
from django.template.loaders import app_directories

_OURS = str(Path(__file__).parents[2])
_INDENTATION = re.compile(r"\n\s+")


class Loader(app_directories.Loader):
    """Django's loader of each app's templates, with every line brought to the margin.

    Whitespace of one kind or another means the same in HTML; our templates hold no <pre>. Those of
    libraries stay as they are: their translated sentences are found by every blank in them.
    """

    def get_contents(self, origin: Origin) -> str:
        """The text of a template; that of HTML without its indentation and empty lines."""
        text = super().get_contents(origin)
        ours = origin.name.startswith(_OURS) and origin.name.endswith(".html")
        return _INDENTATION.sub("\n", text) if ours else text
