"""OpenFisca's own web API answers for our package, as its README says."""

from __future__ import annotations

from typing import Any

import pytest
from openfisca_web_api.app import create_app

from qafila_law import CountryTaxBenefitSystem


@pytest.fixture(scope="module")
def client() -> Any:
    """A client of the web API, without a socket."""
    return create_app(CountryTaxBenefitSystem()).test_client()


def test_parameters_are_told_with_their_dates(client: Any) -> None:
    answer = client.get("/parameter/contribution/minimum_wage/hourly")
    assert answer.status_code == 200
    assert answer.json["values"]["2026-01-01"] == 17.92


def test_a_contribution_is_computed(client: Any) -> None:
    month = "2026-01"
    person = {"is_craftworker": {month: True}, "contribution_centimes": {month: None}}
    family = {"family": {"insured_persons": ["one"]}}
    answer = client.post("/calculate", json={"persons": {"one": person}, "families": family})
    assert answer.status_code == 200, answer.json
    assert answer.json["persons"]["one"]["contribution_centimes"][month] == 16352


def test_an_unknown_variable_is_refused(client: Any) -> None:
    person = {"no_such_variable": {"2026-01": None}}
    answer = client.post("/calculate", json={"persons": {"one": person}})
    assert answer.status_code in (400, 404)
