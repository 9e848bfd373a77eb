"""Closed vocabularies of cells: sexes, categories, yes and no, months; all by folded form."""

from __future__ import annotations

from qafila.tables.folding import fold


def _folded(groups: dict[str, str]) -> dict[str, str]:
    return {fold(word): value for value, words in groups.items() for word in words.split("|")}


SEXES = _folded(
    {
        "F": "f|fem|femme|feminin|féminin|female|fille|mme|mlle|أنثى|انثى|امرأة|أنثي|اناث|إناث",
        "M": "m|h|masc|homme|masculin|male|garçon|mr|ذ|ذكر|رجل|ذكور",
    }
)
"""``F`` or ``M`` by what a cell says. ``م`` and ``أ`` alone are left out: lists disagree."""

CATEGORIES = _folded(
    {
        "auto_entrepreneur": "ae|a e|auto entrepreneur|auto entrepreneurs|autoentrepreneur"
        "|مقاول ذاتي|المقاول الذاتي|مقاولة ذاتية|م ذ",
        "cpu": "cpu|c p u|contribution professionnelle unique|المساهمة المهنية الموحدة|م م م",
        "craftworker": "artisan|artisane|artisans|maalem|maitre artisan|artisan maitre"
        "|artisan individuel|artisan a compte propre|صانع تقليدي|صانع|صانعة|صانعة تقليدية|حرفي"
        "|حرفية|معلم|صناع تقليديون|الصناع التقليديون",
        "accounts": "accounts|comptabilite|comptabilité|rnr|rns|rnr rns|regime reel|reel"
        "|teneur de comptabilite|محاسبة|ماسك محاسبة|نظام المحاسبة|النتيجة الصافية الحقيقية"
        "|النتيجة الصافية المبسطة",
    }
)

YES_NO = _folded(
    {
        "yes": "oui|o|yes|y|1|true|vrai|x|نعم|اجل|radie|radiee|مشطب|مشطب عليه|struck off",
        "no": "non|n|no|0|false|faux|لا|كلا|actif|active|en activite|غير مشطب|غير مشطب عليه|نشيط",
    }
)

_MONTH_NAMES = (
    "janvier|janv|jan|january|يناير|جانفي",
    "fevrier|fevr|fev|feb|february|فبراير|فيفري",
    "mars|mar|march|مارس",
    "avril|avr|apr|april|أبريل|ابريل",
    "mai|may|ماي|مايو",
    "juin|jun|june|يونيو|يونيه|جوان",
    "juillet|juil|jul|july|يوليوز|يوليو",
    "aout|aou|aug|august|غشت|أغسطس",
    "septembre|sept|sep|september|شتنبر|سبتمبر",
    "octobre|oct|october|أكتوبر|اكتوبر",
    "novembre|nov|november|نونبر|نوفمبر",
    "decembre|dec|december|دجنبر|ديسمبر",
)
MONTHS = {fold(w): n for n, words in enumerate(_MONTH_NAMES, 1) for w in words.split("|")}
"""Number of a month by its folded name: French, English, and Arabic as Morocco says it."""
