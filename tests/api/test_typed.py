"""Every text that the API takes is tidied and has a greatest length."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from qafila import api
from qafila.api import payments
from qafila.api.typed import Text, Tidied


def _asked() -> Iterator[type[BaseModel]]:
    """What is sent to the API; its answers end in “Answer”."""
    for found in pkgutil.walk_packages(api.__path__, "qafila.api."):
        module = importlib.import_module(found.name)
        for name, model in inspect.getmembers(module, inspect.isclass):
            own = issubclass(model, BaseModel) and model.__module__ == found.name
            if own and not name.endswith("Answer"):
                yield model


def _takes_text(annotation: Any) -> bool:
    if annotation is str:
        return True
    return get_origin(annotation) is not None and any(map(_takes_text, get_args(annotation)))


def _bounded(field: FieldInfo) -> bool:
    marks = field.metadata
    short = any(hasattr(m, "max_length") or getattr(m, "pattern", None) for m in marks)
    return short and any(isinstance(m, Tidied) for m in marks)


def test_every_text_sent_is_tidied_and_bounded() -> None:
    by_hand = {
        f"{model.__name__}.{name}"
        for model in _asked()
        for name, field in model.model_fields.items()
        if _takes_text(field.annotation) and not _bounded(field)
    }
    assert {model.__name__ for model in _asked()} >= {"PaymentSent", "ReversalAsked"}
    assert not by_hand, f"{by_hand}: use api.typed.Text, or TIDY with a length."


def test_what_does_not_show_is_taken_out_before_anything_is_looked_at() -> None:
    assert TypeAdapter(Text).validate_python(" a\u202e\ud800 b ") == "a b"
    assert TypeAdapter(payments.Reference).validate_python("R\u200b1") == "R1"


def test_too_much_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python("x" * 201)


@pytest.mark.parametrize(("sent", "kept"), [(100, 100), (100.0, 100), (1e3, 1000)])
def test_a_whole_number_is_one_however_json_writes_it(sent: float, kept: int) -> None:
    told = {"reference": "R1", "id_type": "cin", "id": "JB1", "paid_on": "2026-11-22"}
    assert payments.PaymentSent(amount_centimes=sent, **told).amount_centimes == kept


@pytest.mark.parametrize("sent", [100.5, "100", True, None, 1e30])
def test_what_is_no_whole_number_of_centimes_is_refused(sent: Any) -> None:
    told = {"reference": "R1", "id_type": "cin", "id": "JB1", "paid_on": "2026-11-22"}
    with pytest.raises(ValidationError):
        payments.PaymentSent(amount_centimes=sent, **told)
