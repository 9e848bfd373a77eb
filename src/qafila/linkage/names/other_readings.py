"""Other ways to read two words, tried where the usual ones do not make them one name.

A letter often has several readings: ظ is z in Mazloum and d in Nadif, تش is one sound, ch is خ in
Bacher, Al may be written to the name (Alkhaldi), Bel is Ben and El. Each reading is tried only
where the other word has what it would lead to, and costs a little, so that it never makes one name
of two that are merely similar.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qafila.linkage.names.name_words import NameWord, read_with_article, read_word

Likeness = Callable[[NameWord, NameWord], float]

_COST = 0.02
_HOPELESS = 0.38


@dataclass(frozen=True, slots=True)
class _Rule:
    """`found` in a word is read as `read` where the other word has `needs` and lacks `lacks`."""

    found: re.Pattern[str]
    read: str
    needs: re.Pattern[str] | None = None
    lacks: re.Pattern[str] | None = None

    def reading(self, text: str, other: str) -> str | None:
        """The text read otherwise; None where the rule says nothing."""
        if self.needs is not None and not self.needs.search(other):
            return None
        if self.lacks is not None and self.lacks.search(other):
            return None
        changed = self.found.sub(self.read, text)
        return None if changed == text else changed


def _rule(found: str, read: str, needs: str = "", lacks: str = "") -> _Rule:
    return _Rule(
        re.compile(found),
        read,
        re.compile(needs) if needs else None,
        re.compile(lacks) if lacks else None,
    )


_OF_ARABIC = (
    _rule("تش", "ش"),
    _rule("[ظضذ]", "ز", needs="z"),
    _rule("ث", "س", needs="s|c[eiy]"),
    _rule("(?<=.)اه$", "ا", needs="(?:ah?|eh)$"),
    _rule("(?<=.)يه$", "ي", needs="(?:[eiy]|e[trz]|i?er|h)$"),
    _rule("(?<=..)[هة]$", "", needs="[eo]$|[eo]h$"),
    _rule("ج", "ق", needs="g(?!h)"),
    _rule("غ", "ق", needs="g(?!h)"),
    _rule("(?<=.)ي(?=[يا])", "", needs="ll|y|i"),
    _rule("وو", "و"),
)
_OF_LATIN = (
    _rule("gh", "g", lacks="غ"),
    _rule("v", "w", needs="و", lacks="[فڤ]"),
    _rule("w", "v", needs="[فڤ]"),
    _rule("ch", "kh", needs="خ", lacks="ش"),
    _rule("ch", "k", needs="[كق]", lacks="ش"),
    _rule("c(?=[eiy])|cz|(?<=i)c$|tz?j|cs(?=[aeiou])", "ch", needs="ش"),
    _rule("sz|sch|(?<!s)s(?![sh])", "ch", needs="ش", lacks="س|ص"),
    _rule("zh", "j", needs="ج|ژ"),
    _rule("j", "y", needs="ي", lacks="ج"),
    _rule("j", "h", needs="[هح]", lacks="ج"),
    _rule("gn", "ny", needs="ني"),
    _rule("ll", "y", needs="ي", lacks="ل"),
    _rule("igh", "ay", lacks="غ"),
    _rule("(?<=[aeiouydt])h(?=[^aeiouyh]|$)|(?<=r)h", "", lacks="[هح]"),
    _rule("([dtps])h", r"\1-h", needs="[دتبس]ه"),
    _rule("tz|z(?=z?[aeiouy])", "ts", needs="تس"),
    _rule("z", "s", needs="[سص]", lacks="ز"),
    _rule("s", "z", needs="ز"),
    _rule("(?:[eiy]e?r|et|ez|ot|ois|at|us|es|x)$", "e", needs="(?:يه|[اويي])$"),
    _rule("q(?!u)|ck|qu", "k"),
    _rule("x", "ch", needs="ش"),
    _rule("ph", "f"),
)


def likest_reading(word: NameWord, other: NameWord, likeness: Likeness, known: float) -> float:
    """The best likeness of two words over their other readings; `known` where none is better."""
    best = max((likeness(*pair) - cost for pair, cost in _as_family_names(word, other)), default=0)
    best = max(best, known)
    if word.arabic == other.arabic or known < _HOPELESS:
        return best
    arabic, latin = (word, other) if word.arabic else (other, word)
    return max(best, _by_letters(arabic, latin, likeness, known))


def _by_letters(arabic: NameWord, latin: NameWord, likeness: Likeness, known: float) -> float:
    """Readings of letters taken up one by one, each where it brings the two words nearer."""
    best = known
    for of_arabic, rules in ((True, _OF_ARABIC), (False, _OF_LATIN)):
        for rule in rules:
            here, there = (arabic, latin) if of_arabic else (latin, arabic)
            text = rule.reading(here.written, there.written)
            if text is None:
                continue
            read = read_word(text)
            pair = (read, latin) if of_arabic else (arabic, read)
            found = likeness(*pair) - _COST
            if found > best:
                best = found
                arabic, latin = pair
    return best


_AL = re.compile(r"^(?:al(?=\w{4})|a(?=(tt|ss|rr|nn|zz|dd|cch|ch)\w{3}))")
_VOWEL_AND_L = re.compile(r"^[aeiou]l")
_BEL = re.compile(r"^(?:b[ea]l|بل)(?=\w{3})")
_BEN = re.compile(r"^(?:ben|بن)")
_ARTICLE_L = re.compile(r"^(?:l[ae]?|ل)\w{4}")


def _as_family_names(
    word: NameWord, other: NameWord
) -> Iterator[tuple[tuple[NameWord, NameWord], float]]:
    """Articles and particles written to the name, in either of the two words."""
    for one, two in ((word, other), (other, word)):
        if one.arabic or one.article:
            pass
        elif two.article and _AL.match(one.written):
            yield (read_word(_AL.sub("", one.written)), two), 0.02
        if one.arabic and one.article and not two.article and _VOWEL_AND_L.match(two.written):
            yield (read_with_article(one.written), two), 0.02
        if _BEL.match(one.written) and _BEN.match(two.written):
            yield (read_word(_BEL.sub("بن-" if one.arabic else "ben-", one.written)), two), 0.02
        if _ARTICLE_L.match(one.text) and not one.article and not two.text.startswith(("l", "ل")):
            cost = 0.02 if two.article else 0.05
            yield (_without_l(one), two), cost
            if not one.arabic and one.text[1] in "ae":
                yield (read_word(one.text[1:]), two), cost


def _without_l(word: NameWord) -> NameWord:
    """The word without an elided article: Lansari for الأنصاري, لعروسي for العروسي."""
    begins = word.sound[1:].lstrip("a")
    sound = "A" + begins if word.arabic or word.sound[1:2] != "a" else begins
    if begins[:1].isupper():
        sound = begins
    return NameWord(word.text[1:], sound, word.key[1:], word.arabic)
