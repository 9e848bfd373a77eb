"""The search box and the import of a list, as pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.register.factories import AT, list_import, listed, person, places, system
from tests.web.staff import SETTAT, fragment_and_page, signed_in, text_of

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.institutions.models import Institution
from qafila.linkage.names.name_keys import index_keys
from qafila.lists.importing.uploads import read_upload
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import ListImport
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
HEADING = "Nom;Prénom;Sexe;CIN;Date de naissance;Province;Commune;Métier;Téléphone\n"


@pytest.fixture(autouse=True)
def _stage(db: None, settings: Any, tmp_path: Any) -> Iterator[None]:
    places()
    settings.UPLOADS = tmp_path
    with clock.stopped_at(AT):
        yield


def hassan() -> Person:
    """Written in Latin letters only."""
    name = "DARIF Hassan"
    return person(full_name_ar="", full_name_latn=name, name_keys=[*index_keys(name)])


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_a_name_is_found_in_the_other_script_and_leads_to_the_file(language: str) -> None:
    found = hassan()
    client = signed_in(Role.COUNTER_AGENT, language=language)
    fragment, page = fragment_and_page(client, "/people/?q=حسن ظريف")
    assert fragment in page
    assert f'href="/people/{found.pk}/"' in page.decode()
    assert client.get(f"/people/{found.pk}/").status_code == 200


@pytest.mark.parametrize("asked", ["", "x", "a" * 500, "%00", "' OR 1=1 --", "JB", "<script>"])
def test_odd_questions_are_answered_with_a_page(asked: str) -> None:
    response = signed_in(Role.COUNTER_AGENT).get("/people/", {"q": asked})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().partition("<main")[2]


def test_people_of_other_territories_are_not_found() -> None:
    hassan()
    text = signed_in(Role.COUNTER_AGENT, province=SETTAT).get("/people/?q=hassan").content.decode()
    assert "Aucun résultat" in text


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_imports_and_one_of_them_in_every_language(language: str) -> None:
    imported = list_import("chamber")
    listed(None, imported, outcome="rejected", reasons=[], cells={"0": "=1+1"})
    client = signed_in(Role.CHAMBER_STAFF, province=None, language=language)
    assert imported.file_name in client.get("/lists/").content.decode()
    fragment, page = fragment_and_page(client, f"/lists/{imported.pk}/")
    assert fragment in page
    export = client.get(f"/lists/{imported.pk}/rejected.csv").content.decode("utf-8-sig")
    assert "'=1+1" in export


def test_an_upload_is_kept_and_an_empty_one_is_told() -> None:
    client = signed_in(Role.CHAMBER_STAFF)
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    sent = client.post("/lists/", {"file": SimpleUploadedFile("artisans.csv", rows)})
    record = ListImport.objects.get()
    assert sent.headers["Location"] == f"/lists/{record.pk}/"
    assert "artisans.csv" in client.get(f"/lists/{record.pk}/").content.decode()
    empty = client.post("/lists/", {"file": SimpleUploadedFile("empty.csv", b"")})
    assert empty.status_code == 422
    assert client.post("/lists/").status_code == 422


def test_lists_are_for_those_who_import_and_of_their_own_territory() -> None:
    imported = list_import("chamber")
    for role in (Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.AUDITOR):
        client = signed_in(role)
        assert client.get("/lists/").status_code == 404
        assert client.get(f"/lists/{imported.pk}/").status_code == 404
    elsewhere = signed_in(Role.CHAMBER_STAFF)
    assert elsewhere.get(f"/lists/{imported.pk}/").status_code == 404
    assert elsewhere.get(f"/lists/{imported.pk}/rejected.csv").status_code == 404


def test_searching_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        hassan()
    client = signed_in(Role.COUNTER_AGENT)
    client.get("/people/?q=hassan")
    with django_assert_max_num_queries(8):
        assert client.get("/people/?q=hassan").status_code == 200


def test_a_column_that_is_not_understood_leads_to_the_headings_that_are() -> None:
    client = signed_in(Role.CHAMBER_STAFF, province=None)
    form = text_of(client.get("/lists/"))
    assert form.count('type="file"') == 1
    assert 'href="/lists/headings/"' in form
    page = text_of(client.get("/lists/headings/"))
    assert "carte nationale" in page
    assert "البطاقة الوطنية" in page
    rows = client.get("/lists/headings/?as=csv").content.decode("utf-8-sig").splitlines()
    assert any(row.endswith(",card_number") for row in rows)
    imported = list_import("chamber")
    sheet = {"name": "", "source": "chamber", "header_rows": [1], "columns": {}, "read": 1,
             "unknown_columns": ["Pointure"], "province": None, "skipped": []}  # fmt: skip
    with acting(system(), at=AT):
        imported.state, imported.sheets = "linked", [sheet]
        imported.save()
    page = text_of(client.get(f"/lists/{imported.pk}/"))
    assert "1 colonne n’a pas été reconnue" in page
    assert 'href="/lists/headings/"' in page


def test_an_import_says_its_remarks_and_what_came_of_it() -> None:
    imported = list_import("chamber")
    said = {"heading": "CIN", "cell": "BE12", "taken": None, "field": "card_number"}
    listed(None, imported, outcome="accepted", cells={"0": "Darif"},
           reasons=[{"code": "card_unreadable", "params": said}])  # fmt: skip
    with acting(system(), at=AT):
        imported.rows_read = imported.rows_accepted = imported.rows_remarked = 1
        imported.state, imported.persons_new, imported.rows_known = "linked", 1, 0
        imported.save()
    client = signed_in(Role.CHAMBER_STAFF, province=None)
    page = client.get(f"/lists/{imported.pk}/").content.decode().replace("\xa0", " ")
    for words in ("Acceptées avec remarques", "« CIN » : « BE12 »", "Personnes nouvelles"):
        assert words in page
    export = client.get(f"/lists/{imported.pk}/remarks.csv").content.decode("utf-8-sig")
    assert "BE12" in export


def test_a_file_of_another_institution_is_answered_by_content() -> None:
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    first = signed_in(Role.CHAMBER_STAFF)
    first.post("/lists/", {"file": SimpleUploadedFile("artisans.csv", rows)})
    second = signed_in(Role.CHAMBER_STAFF, province=SETTAT)
    colleague = signed_in(Role.CHAMBER_STAFF, province=SETTAT)
    at_another_institution(second)
    for client, said in ((second, "autre institution"), (colleague, "Votre institution a remis")):
        sent = client.post("/lists/", {"file": SimpleUploadedFile("liste.csv", rows)}, follow=True)
        assert sent.status_code == 200
        assert said in sent.content.decode()
        assert "Nothing" not in sent.content.decode()
    assert ListImport.objects.count() == 1


def at_another_institution(client: Any, *, as_well: bool = False) -> Institution:
    """Move the post of a signed-in browser to another institution, or give it one more there."""
    with acting(system(), at=AT):
        other = Institution.objects.create(
            kind="chamber_crafts", name_fr="Autre chambre", city="Settat", confidence="high"
        )
        post = client.account.posts.get()
        post.institution = other
        if as_well:
            post.pk = None
        post.save()
    return other


def test_an_import_is_of_the_institution_that_handed_it_in() -> None:
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    client = signed_in(Role.CHAMBER_STAFF)
    client.post("/lists/", {"file": SimpleUploadedFile("artisans.csv", rows)})
    record = ListImport.objects.get()
    assert record.institution is not None
    assert record.institution.name_fr == "Chambre"


def test_whoever_works_at_several_institutions_is_asked_for_one() -> None:
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    client = signed_in(Role.CHAMBER_STAFF)
    assert 'name="institution"' not in client.get("/lists/").content.decode()
    other = at_another_institution(client, as_well=True)
    assert 'name="institution"' in client.get("/lists/").content.decode()
    sent = {"file": SimpleUploadedFile("artisans.csv", rows)}
    assert client.post("/lists/", sent).status_code == 422
    sent = {"file": SimpleUploadedFile("artisans.csv", rows), "institution": str(other.pk)}
    assert client.post("/lists/", sent).status_code == 302
    assert ListImport.objects.get().institution_id == other.pk


@pytest.mark.parametrize("province", ["06.141", "09.001"])
def test_whoever_imported_finds_everyone_imported(province: str) -> None:
    rows = HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n"
    rows += "Naji;Hind;F;JB123457;1980;Nulle part;Ailleurs;Potier;\n"
    client = signed_in(Role.CHAMBER_STAFF, province=province)
    upload = SimpleUploadedFile("artisans.csv", rows.encode())
    client.post("/lists/", {"file": upload})
    record = ListImport.objects.get()
    read_upload(record.pk, actor=system(), at=AT)
    link_new_rows(actor=system(), at=AT)
    for name in ("darif hassan", "naji hind"):
        found = client.get("/people/", {"q": name}).content.decode()
        assert 'href="/people/' in found


def test_whoever_has_several_provinces_is_asked_for_one() -> None:
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    national = signed_in(Role.CHAMBER_STAFF, province=None)
    assert 'name="province"' in national.get("/lists/").content.decode()
    near = signed_in(Role.CHAMBER_STAFF)
    assert 'name="province"' not in near.get("/lists/").content.decode()
    near.post("/lists/", {"file": SimpleUploadedFile("artisans.csv", rows)})
    assert ListImport.objects.get().province_code


def test_a_failed_import_is_read_again() -> None:
    rows = (HEADING + "Darif;Hassan;M;JB123456;17/05/1980;;;Potier;\n").encode()
    client = signed_in(Role.CHAMBER_STAFF)
    client.post("/lists/", {"file": SimpleUploadedFile("artisans.csv", rows)})
    problem = {"code": "unexpected_error", "params": {"reference": "1a2b3c4d", "file": "a.csv"}}
    with acting(system(), at=AT):
        ListImport.objects.update(state="failed", problems=[problem])
    record = ListImport.objects.get()
    page = client.get(f"/lists/{record.pk}/").content.decode()
    assert "1a2b3c4d" in page
    assert f"/lists/{record.pk}/again/" in page
    client.post(f"/lists/{record.pk}/again/")
    record.refresh_from_db()
    assert (record.state, record.problems) == ("waiting", [])
