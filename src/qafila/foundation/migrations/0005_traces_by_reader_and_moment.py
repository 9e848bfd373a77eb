"""Quick: every index is made concurrently, which the check of locks cannot collect."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The log and the journal are long, and written by every page: nobody waits for an index.
    atomic = False

    dependencies = [
        ('foundation', '0004_sign_ins'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='accesslogentry',
            index=models.Index(fields=['reader', 'at'], name='reads_by_reader'),
        ),
        AddIndexConcurrently(
            model_name='accesslogentry',
            index=BrinIndex(fields=['at'], name='reads_by_moment'),
        ),
        RemoveIndexConcurrently(model_name='accesslogentry', name='lists_read_by_reader'),
        AddIndexConcurrently(
            model_name='journalentry',
            index=models.Index(fields=['actor', 'at'], name='journal_by_actor'),
        ),
    ]
