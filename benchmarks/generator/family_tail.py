"""The long tail of family names: tens of thousands, each borne by few, as in the country.

The tables hold the names everybody knows; with those alone, the bearers of each name would grow
with the population, and so would every block of one name. The tail is composed, so that the number
of different names grows with the people drawn, as it does in registers:

- three consonants in the forms Moroccan names have (*Khallad*, *Makhloud*, *El Khaldaoui*,
  *Bouchnaf* …), in both scripts, Arabic without the short vowels;
- a particle before a man's name of the tables (*Ben*, *Aït*, *Ould*, *Aït Ben* …);
- two family names of the tables together (*Alaoui Filali*).

Names are ordered by a hash, so that each kind is spread over the tail. The held-out half is made of
held-out parts only, and of those consonants whose first name falls into that half.
"""

import itertools
from functools import cache
from hashlib import blake2b

from .name_tables import Name, is_held_out, tables

_CONSONANTS = {
    "ب": "b", "ت": "t", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ر": "r", "ز": "z", "س": "s",
    "ش": "ch", "ط": "t", "غ": "gh", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
_FORMS = (
    ("{0}{1}ا{2}", "{0}a{3}a{2}/{0}a{1}a{2}"),
    ("{0}ا{1}{2}", "{0}a{1}i{2}/{0}a{1}e{2}"),
    ("م{0}{1}و{2}", "ma{0}{1}ou{2}/me{0}{1}ou{2}"),
    ("ال{0}{1}ي{2}ي", "El {0}{1}i{2}i/{0}{1}i{2}i"),
    ("ال{0}{1}{2}اوي", "El {0}a{1}{2}aoui/{0}a{1}{2}aoui"),
    ("{0}{1}ي{2}", "{0}{1}i{2}/{0}a{1}i{2}"),
    ("{0}{1}{2}ون", "{0}a{1}{2}oun/{0}e{1}{2}oun"),
    ("بو{0}{1}ا{2}", "Bou{0}{1}a{2}/Bou {0}{1}a{2}"),
)
"""Forms of three consonants: Arabic, and Latin spellings with the usual first."""

_PARTICLES = (
    ("بن {}", "Ben {}"), ("أيت {}", "Ait {}"), ("ولد {}", "Ould {}"), ("أولاد {}", "Oulad {}"),
    ("أيت بن {}", "Ait Ben {}"), ("بو {}", "Bou {}"),
)  # fmt: skip
_DOUBLE_NAMES = 6_000


@cache
def family_tail(split: str) -> tuple[Name, ...]:
    """Composed family names of a split ("tuning", "held-out" or "all"), always in one order."""
    men, _, families = tables(split)
    known = {name.arabic[0] for name in families}
    names = [*_of_consonants(split), *_with_particles(men), *_doubled(families)]
    return tuple(sorted((n for n in names if n.arabic[0] not in known), key=_place))


def _place(name: Name) -> bytes:
    return blake2b(name.arabic[0].encode(), digest_size=8, salt=b"tail").digest()


def _of_consonants(split: str) -> list[Name]:
    wanted = {"tuning": (False,), "held-out": (True,), "all": (False, True)}[split]
    names = []
    for root in itertools.permutations(_CONSONANTS, 3):
        latin = [_CONSONANTS[letter] for letter in root]
        if root[0] == "م" or _reads_otherwise(latin):
            continue
        latin.append(latin[1] * (2 if len(latin[1]) == 1 else 1))
        forms = [
            Name((arabic.format(*root),), tuple(_written(one, latin) for one in spelled.split("/")))
            for arabic, spelled in _FORMS
        ]
        if is_held_out(forms[0]) in wanted:
            names.extend(forms)
    return names


def _reads_otherwise(latin: list[str]) -> bool:
    """Whether letters that meet in Latin script would be read as one: k + h, s + h, t + t."""
    meeting = ["".join(pair) for pair in itertools.pairwise(latin)]
    return any(pair in ("kh", "sh") or pair[:1] == pair[1:] for pair in meeting)


def _written(form: str, latin: list[str]) -> str:
    return " ".join(word[0].upper() + word[1:] for word in form.format(*latin).split())


def _with_particles(men: tuple[Name, ...]) -> list[Name]:
    return [
        Name((arabic.format(man.arabic[0]),), tuple(latin.format(one) for one in man.latin))
        for arabic, latin in _PARTICLES
        for man in men
    ]


def _doubled(families: tuple[Name, ...]) -> list[Name]:
    pairs = sorted(
        (
            Name(
                (f"{one.arabic[0]} {other.arabic[0]}",),
                (f"{one.latin[0]} {other.latin[0]}", f"{one.latin[-1]} {other.latin[-1]}"),
            )
            for one, other in itertools.permutations(families, 2)
        ),
        key=_place,
    )
    return pairs[:_DOUBLE_NAMES]
