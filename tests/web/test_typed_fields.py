"""Every text field of every form takes what is typed through the one door."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from tests.register.factories import person, places
from tests.web.staff import signed_in

import qafila.web
from qafila.foundation.actors import Role
from qafila.people.models import Person
from qafila.web.site.typed_fields import AsShown, Line, Name, Note

WEB = Path(qafila.web.__file__).parent


def _forms() -> Iterator[type[forms.BaseForm]]:
    for path in sorted(WEB.rglob("*.py")):
        dotted = ".".join(path.relative_to(WEB.parent.parent).with_suffix("").parts)
        for _name, found in inspect.getmembers(import_module(dotted), inspect.isclass):
            if issubclass(found, forms.BaseForm) and found.__module__ == dotted:
                yield found


def test_every_text_field_of_every_form_is_one_of_the_door() -> None:
    by_hand = {
        f"{form.__name__}.{name}"
        for form in _forms()
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if type(field) is forms.CharField
    }
    assert not by_hand, f"{by_hand}: use Line, Name or Note of web.site.typed_fields."


def test_no_form_makes_a_text_field_by_hand() -> None:
    """Also those that are made while a form is."""
    found = [
        str(path.relative_to(WEB))
        for path in sorted(WEB.rglob("*.py"))
        if "forms.CharField(" in path.read_text().replace("class Line(forms.CharField)", "")
    ]
    assert not found, f"{found}: use Line, Name or Note of web.site.typed_fields."


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (Line(), " a\u202e\u0000b ", "ab"),
        (Name(), "Ai\u0308t", "Aït"),
        (Note(), "a\r\n b", "a\nb"),
        (AsShown(strip=False), " a  b ", " a  b "),
    ],
)
def test_what_is_kept(field: Any, typed: str, kept: str) -> None:
    assert field.clean(typed) == kept


@pytest.mark.parametrize("field", [Line(), Name(), Note(), AsShown(strip=False)])
def test_too_much_is_refused_by_a_sentence(field: Any) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean("x" * 1_000_000)
    assert "1000000 characters long" in refusal.value.messages[0]


@pytest.mark.django_db
def test_a_name_of_a_megabyte_is_refused_on_the_page() -> None:
    places()
    fatima = person(province="09.001")
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/correct/"
    before = Person.objects.get(pk=fatima.pk).full_name_ar
    response = client.post(
        address, {"full_name_ar": "ف" * 1_000_000, "before_full_name_ar": before}
    )
    assert response.status_code == 422
    assert "1000000" in response.content.decode()
    assert Person.objects.get(pk=fatima.pk).full_name_ar == before
