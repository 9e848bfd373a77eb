import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_what_all_processes_share'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('kind', models.CharField(choices=[('signed_in', 'Signed In'), ('signed_out', 'Signed Out'), ('wrong_password', 'Wrong Password'), ('wrong_code', 'Wrong Code'), ('locked_out', 'Locked Out')], max_length=15)),
                ('address', models.CharField(blank=True, max_length=45)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.actorrecord')),
            ],
            options={
                'db_table': 'foundation_sign_in_entry',
                'indexes': [models.Index(fields=['actor', 'at'], name='sign_ins_by_actor')],
            },
        ),
    ]
