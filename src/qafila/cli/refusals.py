"""What the command line refuses before a room is asked: one sentence, exit code 2."""

from __future__ import annotations


class UnusableRequest(Exception):
    """A wrong option, file or folder."""

    def sentence(self) -> str:
        """The sentence shown."""
        return str(self)
