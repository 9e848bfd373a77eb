"""The columns of what reading gives: accepted, rejected, repeated and skipped rows."""

from __future__ import annotations

from typing import Final

import polars as pl

_TEXT: Final[pl.DataType] = pl.String()
_WHOLE: Final[pl.DataType] = pl.Int64()
_DATE: Final[pl.DataType] = pl.Date()
_YES_NO: Final[pl.DataType] = pl.Boolean()
_TEXTS: Final[pl.DataType] = pl.List(pl.String)

CANONICAL = pl.Schema(
    {
        "file": _TEXT,
        "sheet": _TEXT,
        "row": _WHOLE,
        "source": _TEXT,
        "family_name": _TEXT,
        "given_name": _TEXT,
        "full_name": _TEXT,
        "sex": _TEXT,
        "birth_date": _DATE,
        "birth_precision": _TEXT,
        "card_number": _TEXT,
        "card_raw": _TEXT,
        "phone": _TEXT,
        "fund_number": _TEXT,
        "register_number": _TEXT,
        "tax_number": _TEXT,
        "ae_number": _TEXT,
        "place_text": _TEXT,
        "province_text": _TEXT,
        "commune_code": _TEXT,
        "province_code": _TEXT,
        "region_code": _TEXT,
        "trade_text": _TEXT,
        "category": _TEXT,
        "annual_tax": _WHOLE,
        "effect_date": _DATE,
        "months_unpaid": _WHOLE,
        "struck_off": _YES_NO,
        "notes": _TEXT,
        "warnings": _TEXTS,
    }
)
"""The accepted rows; ``warnings`` lists what could not be used of an accepted row."""

REJECTED = pl.Schema(
    {
        "file": _TEXT,
        "sheet": _TEXT,
        "row": _WHOLE,
        "reason": _TEXT,
        "params": _TEXT,
        "cells": _TEXTS,
    }
)
"""Rejected rows; ``params`` is a JSON object, ``cells`` the raw cells left to right."""

REPEATED = pl.Schema({"file": _TEXT, "sheet": _TEXT, "row": _WHOLE, "first_row": _WHOLE})

REMARKS = pl.Schema(
    {
        "file": _TEXT,
        "sheet": _TEXT,
        "row": _WHOLE,
        "code": _TEXT,
        "field": _TEXT,
        "heading": _TEXT,
        "cell": _TEXT,
        "taken": _TEXT,
    }
)
"""What was not understood of accepted rows; ``taken`` is what was understood instead."""

SKIPPED_IN_SHEET = pl.Schema(
    {"row": _WHOLE, "last_row": _WHOLE, "why": _TEXT, "counted": _YES_NO, "cells": _TEXTS}
)

SKIPPED = pl.Schema({"file": _TEXT, "sheet": _TEXT, **SKIPPED_IN_SHEET})
"""Rows that are not data, with why and their cells; stretches of blank rows are one record.

``counted``: filled and below the first headings, hence read and skipped.
"""
