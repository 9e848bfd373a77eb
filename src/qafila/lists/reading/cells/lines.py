"""Lines that speak of no person: totals, signatures, titles, sections; by whole words and shape.

A line counts as one of these only when every word of it belongs to such lines, is a number or the
name of a place, or when it begins as nobody's name does (“Fait à”, “Page 3”, “Source :”).
“Totali Ahmed”, “خاتم بنعلي” and “Le Chef Hassan” are people.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qafila.lists.reading.cells.given_names import given_names
from qafila.places.gazetteer import find_candidates
from qafila.tables.folding import fold

TOTAL, FOOTER, SECTION, TITLE = "total", "footer", "section", "title"
LONGEST_NAME_WORDS, LONGEST_NAME = 8, 90

_TOTALS = "total totaux sous somme effectif nombre cumul مجموع اجمالي عدد حاصل جملة totale"
_TITLES = (
    "liste listes tableau tableaux etat annexe situation recapitulatif recapitulation bordereau "
    "programme suite suivante suivant precedente reporter report autre "
    "lists list table لائحة لوائح قائمة جدول كشف بيان ملحق تتمة"
)
_SECTIONS_OF_PLACES = (
    "commune communes province prefecture region ville جماعة عمالة اقليم جهة مدينة"
)
_SECTIONS = (
    "cercle caidat annexe cooperative association douar quartier "
    "قيادة دائرة تعاونية جمعية ملحقة دوار"
)
_ROLES = (
    "president presidente directeur directrice chef secretaire tresorier tresoriere gouverneur "
    "responsable delegue representant ministre wali maire caid agent signataire interesse "
    "رئيس رئيسة مدير مديرة مندوب كاتب خازن عامل والي قائد باشا ممثل مسؤول معني موظف"
)
_INSTITUTIONS = (
    "chambre chambres artisanat artisan artisans artisane artisanes artisanal province prefecture "
    "direction delegation ministere caisse cnss fonds commune cooperative association federation "
    "regional regionale regionaux provincial provinciale general generale generaux national "
    "nationale global globale adjoint service bureau conseil administratif administration "
    "communal interregional executif beneficiaires beneficiaire inscrits inscrit adherents hommes "
    "femmes personnes personne lignes ligne sociale securite assures assure metier metiers "
    "commerce industrie services registre feuille page pages secteur section "
    "غرفة صناعة تقليدية صناع تقليديين تقليديون مديرية مندوبية وزارة صندوق وطني ضمان اجتماعي جهة "
    "جهوي جهوية اقليمي اقليمية وطنية عام عامة مجلس ادارة قسم مصلحة مستفيد مستفيدين مستفيدون "
    "مستفيدات مسجلين نساء رجال صفحة سطر شخص اشخاص قطاع سجل تجارة خدمات"
)
_SIGNING = (
    "signature signatures cachet visa vu approuve verifie certifie valide conforme original "
    "emargement fin merci توقيع امضاء خاتم طابع ختم"
)
_SMALL = (
    "m mr mme s le la les l de du des d et a au aux en pour par sur ce cette sont est n no nº un "
    "une dh mad date année annee mois فى في من على الى عن و ال ب ل هذه هذا سنة شهر بتاريخ"
)
_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"


def _set(text: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in fold(text).split())


def _bare(word: str) -> str:
    """A word without the Arabic article and what is written onto it (لل، بال، وال)."""
    for start in ("وال", "بال", "لل", "ال"):
        if word.startswith(start) and len(word) > len(start) + 2:
            return word[len(start) :]
    return word


_TOTAL_WORDS, _TITLE_WORDS, _ROLE_WORDS = _set(_TOTALS), _set(_TITLES), _set(_ROLES)
_SIGNING_WORDS, _SMALL_WORDS = _set(_SIGNING), _set(_SMALL)
_PLACE_SECTIONS, _OTHER_SECTIONS = _set(_SECTIONS_OF_PLACES), _set(_SECTIONS)
_OWN_WORDS = (
    _TOTAL_WORDS
    | _TITLE_WORDS
    | _ROLE_WORDS
    | _SIGNING_WORDS
    | _SMALL_WORDS
    | _PLACE_SECTIONS
    | _OTHER_SECTIONS
    | _set(_INSTITUTIONS)
    | _set(_MONTHS)
)
_NOTE = re.compile(r"[@:]|www\.|https?:|^\W*[*(]")
_OF_AN_OFFICE = re.compile(
    r"^\W*(?:t[ée]l|fax|gsm|e-?mail|adresse|site|b\.?p|ice|rc|patente|rib|هاتف|الهاتف|فاكس)\b", re.I
)
_BEGINNINGS = re.compile(
    r"^\W*(?:fait\s+(?:[àa]|le)\b|arr[êe]t[ée]e?\s+(?:la|le)\s+pr[ée]sent|page\s*\d|lu\s+et\s+approuv"
    r"|source\s*[:：]|n\.?\s?b\.?\s*[:：]|n\.b\.|remarques?\s*[:：]|notes?\s*[:：]|observations?\s*[:：]"
    r"|(?:le|la)\s+(?:pr[ée]sidente?|direct(?:eur|rice)|gouverneur)\s*[:,\-–]"
    r"|حرر\s+ب|صفحة\s*[\d٠-٩]|ملاحظ(?:ة|ات)\s*[:：]|المصدر\s*[:：])",
    re.I,
)
_WORDS = sorted(
    {
        *_TOTALS.split(),
        *_TITLES.split(),
        *_SECTIONS_OF_PLACES.split(),
        *_SECTIONS.split(),
        *_ROLES.split(),
        *_SIGNING.split(),
    }
)
_ACCENTED = str.maketrans(
    {"e": "[eéèê]", "a": "[aâà]", "i": "[iïî]", "o": "[oô]", "ة": "[ةه]", "ا": "[اأإآ]"}
)
SUSPECTS = (
    r"(?i)(?:^|[^\pL])(?:ال|لل|وال)?(?:"
    + "|".join(w.translate(_ACCENTED) for w in _WORDS)
    + r")(?:$|[^\pL])|^\W*(?:fait|arr[êe]t|page|source|n\.?b|lu |remarque|note|observation|حرر|صفحة"
    r"|ملاحظ|المصدر)"
)
"""What a cell of such a line matches; most cells that match are no such line."""


@lru_cache(maxsize=20_000)
def kind_of_line(text: str) -> str | None:
    """``total``, ``footer``, ``section`` or ``title`` when the text names nobody, else None."""
    if _BEGINNINGS.match(text):
        return FOOTER
    words = [_bare(word) for word in fold(text).split()]
    words = [word for word in words if not word.isdigit()]
    if not words or words[0].isdigit():
        return None
    if words[0] in _OTHER_SECTIONS and len(words) > 1:
        return SECTION
    if not _all_known(words):
        return None
    return _kind_of_known(words)


def _kind_of_known(words: list[str]) -> str | None:
    meant = [word for word in words if word not in _SMALL_WORDS]
    if not meant:
        return None
    if not _TOTAL_WORDS.isdisjoint(meant[:2]):
        return TOTAL
    if meant[0] in _TITLE_WORDS and len(words) > 1:
        return TITLE
    if meant[0] in _PLACE_SECTIONS and len(words) > 1:
        return SECTION
    signed = not (_SIGNING_WORDS | _ROLE_WORDS).isdisjoint(meant)
    return FOOTER if signed else None


def _all_known(words: list[str]) -> bool:
    """Whether the words that belong to no such line are together the name of a place.

    A given name is no place, although a quarter is called Hassan.
    """
    rest = [word for word in words if word not in _OWN_WORDS]
    if not rest:
        return True
    if len(rest) == len(words) or not given_names().isdisjoint(rest):
        return False
    return bool(find_candidates(" ".join(rest)))


def has_shape_of_a_note(text: str) -> bool:
    """Whether the text holds what no name does: a colon, an address, a star before it.

    A long number behind a name may be that person's.
    """
    if _OF_AN_OFFICE.match(text):
        return True
    return bool(_NOTE.search(text)) and not re.search(r"\d{4}", text)


def holds_a_number(text: str) -> bool:
    """Whether the text holds a card or a phone beside words: perhaps a whole row in one cell."""
    return bool(re.search(r"\d{5}", text)) and not text.isdigit()


def too_long_for_a_name(text: str) -> bool:
    """Whether so many words are a sentence."""
    return len(text.split()) > LONGEST_NAME_WORDS or len(text) > LONGEST_NAME
