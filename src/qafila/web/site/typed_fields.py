"""Form fields through the one door of typed text: every text field of every form is one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from qafila.foundation import typed_text
from qafila.foundation.errors import DomainError


class Line(forms.CharField):
    """One line of text, as `foundation.typed_text` keeps it."""

    longest = typed_text.LONGEST_LINE
    kept: Callable[..., str] = staticmethod(typed_text.line)

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", self.longest)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The greatest length, told to the browser where something is typed."""
        typed = isinstance(widget, forms.TextInput | forms.Textarea)
        attributes = super().widget_attrs(widget)
        return {name: value for name, value in attributes.items() if typed or name != "maxlength"}

    def to_python(self, value: Any) -> str:
        """The text as it is kept; what the door refuses is said on the field."""
        try:
            text = type(self).kept(str(value or ""), most=self.max_length or self.longest)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.sentence()) from refusal
        return str(super().to_python(text))


class Name(Line):
    """A name of a person: letters are required."""

    longest = typed_text.LONGEST_NAME
    kept = staticmethod(typed_text.name)


class Note(Line):
    """Several lines: a reason, or what was said."""

    widget = forms.Textarea
    longest = typed_text.LONGEST_NOTE
    kept = staticmethod(typed_text.note)


class AsShown(Line):
    """What the page showed, sent back to be compared: kept to the letter, but not at any length."""

    longest = 2 * typed_text.LONGEST_NOTE

    @staticmethod
    def kept(text: str, *, most: int) -> str:
        """The text itself. Raises TextTooLong."""
        typed_text.line(text, most=most)
        return text
