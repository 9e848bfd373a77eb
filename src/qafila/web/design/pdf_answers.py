"""PDF documents as answers, and the language a paper is printed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import translation

PRINTED = ("ar", "fr", "zgh")


def printed_language() -> str:
    """The language in force when papers are printed in it, else French."""
    language = translation.get_language() or "fr"
    return language if language in PRINTED else "fr"


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """The document, opened in the browser; kept in no cache."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="qafila-{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
