"""The model is called Progress (the law's answer is the Standing); its table keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accompaniment", "0002_overdue"),
        # Django renames the content type of the model in the same step.
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelTable(name="standing", table="accompaniment_standing"),
        migrations.RenameModel(old_name="Standing", new_name="Progress"),
        migrations.AlterField(
            model_name="progress",
            name="person",
            field=models.OneToOneField(
                on_delete=models.deletion.PROTECT,
                primary_key=True,
                related_name="progress",
                serialize=False,
                to="people.person",
            ),
        ),
    ]
