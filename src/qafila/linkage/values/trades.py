"""Crafts in Arabic and French words, so that نجارة and Menuisier are read as one craft."""

from functools import lru_cache

from qafila.linkage.names.transliteration import fold_text

# The first entry whose word occurs decides; narrower crafts come before wider ones.
_CRAFTS: tuple[tuple[str, str], ...] = (
    ("babouches", "babouch بلغه بلاغي بلغا cherbil شربيل"),
    ("shoes", "cordonn bottier احذيه اسكافي خراز"),
    ("tanning", "tann دباغ"),
    ("leather", "maroquin cuir جلد سراج sellier"),
    ("carpets", "tapis زربيه زرابي hanbel حنبل"),
    ("weaving", "tisser tissage tisseu دراز نسيج ناسج نساج"),
    ("wool", "laine filage filans fileu صوف غزل غازل"),
    ("dyeing", "teintur صباغ"),
    ("embroidery", "brod طرز طراز طرازه"),
    ("tailoring", "taill coutur خياط خياطه caftan قفطان djellab جلباب"),
    ("trimmings", "passement سفيفه عقاد"),
    ("jewellery", "bijou joaill orfevr صائغ صايغ حلي مجوهرات صياغه"),
    ("coppersmith", "dinand cuivr نحاس صواني"),
    ("blacksmith", "forger ferronn حداد حداده soud لحام"),
    ("pottery", "poti potte ceram فخار خزف zellig زليج"),
    ("plaster", "platr stuc جباص جبص"),
    ("masonry", "macon بناء بناي"),
    ("carpentry", "menuis eben نجار نجاره bois خشب"),
    ("plumbing", "plomb رصاص ترصيص سباك"),
    ("electricity", "electric كهرب"),
    ("painting", "peint دهان صباغه"),
    ("hairdressing", "coiff حلاق حلاقه barb esthetic تجميل"),
    ("baking", "boulang pain مخبز خباز فران"),
    ("pastry", "patiss حلوي حلويات"),
    ("basketry", "vann osier دوم قصب سلال حصير natte"),
    ("mechanics", "mecan ميكانيك"),
    ("candles", "bougie شمع"),
)


@lru_cache(maxsize=50_000)
def craft_of(trade: str) -> str:
    """The craft a trade text names, else the folded text itself (an unknown trade)."""
    folded = fold_text(trade).strip()
    for craft, stems in _CRAFTS:
        if any(_begins_a_word(stem, folded) for stem in stems.split()):
            return craft
    return folded


def _begins_a_word(stem: str, text: str) -> bool:
    return any(word.removeprefix("ال").startswith(stem) for word in text.split())
