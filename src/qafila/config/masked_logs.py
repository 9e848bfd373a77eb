"""Log lines without what opens a door or names a person: masked in the finished line.

Whatever is logged, by us, by Django or by a library, passes here last: paths of personal links,
verification texts and reset keys, tokens, addresses of mail, card numbers and telephones, and the
values that PostgreSQL repeats in its errors.
"""

from __future__ import annotations

import logging
import re

_MASKS = (
    # Addresses whose last part opens something.
    (re.compile(r"/(mine|verify|card|accounts/password/reset/key)/[^/\s\"'?]+"), r"/\1/…"),
    (re.compile(r"\?[^\s\"']*"), "?…"),
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]+"), r"\1 …"),
    (re.compile(r"(?i)\b(token|secret|password|sessionid)(['\"]?\s*[:=]\s*)\S+"), r"\1\2…"),
    (re.compile(r"(?m)^(DETAIL|CONTEXT|QUERY): .*$"), r"\1: …"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
    (re.compile(r"(?:\+212|\b00212|\b0)[ .-]?[5-8](?:[ .-]?\d){8}\b"), "…"),
    (re.compile(r"\b[A-Z]{1,2}\d{4,7}\b"), "…"),
)

_ONE_LINE = {number: f"\\x{number:02x}" for number in (*range(0x20), *range(0x7F, 0xA0))}
_ONE_LINE |= {0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Line breaks and other control characters, as they are written in code."""


class MaskedFormatter(logging.Formatter):
    """Formats a record and its traceback, then masks."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The line without its traceback: what somebody typed begins no line of its own."""
        return masked(super().formatMessage(record)).translate(_ONE_LINE)

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be kept."""
        return masked(super().format(record))


def masked(text: str) -> str:
    """The text without tokens, links, numbers of people."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text
