from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_consents_and_erasures'),
    ]

    operations = [
        ValidateConstraint(model_name='person', name='person_merged_into_someone'),
    ]
