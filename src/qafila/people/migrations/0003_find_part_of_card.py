"""A card is found by any part of it: the index holds every end of the number.

`card_number` JE254533 gives JE254533, E254533, 254533, 54533, 4533: what begins one of them is a
part of the number. The expression is that of `people.queries`.
"""

from __future__ import annotations

from django.db import migrations

CARD_ENDS = (
    "array_to_tsvector(array_remove(ARRAY[substr(card_number, 1), substr(card_number, 2), "
    "substr(card_number, 3), substr(card_number, 4), substr(card_number, 5), "
    "substr(card_number, 6)], ''))"
)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_personal_links")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX person_by_part_of_card ON people_person USING gin (({CARD_ENDS})) "
            "WHERE card_number <> ''",
            "DROP INDEX person_by_part_of_card",
        )
    ]
