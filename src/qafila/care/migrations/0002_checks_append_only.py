"""What was asked and answered is never changed nor taken away."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION care_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Coverage checks are only ever added: % was refused.', tg_op
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON care_coveragecheck
  FOR EACH STATEMENT EXECUTE FUNCTION care_append_only();
"""
BACK = "DROP TRIGGER append_only ON care_coveragecheck; DROP FUNCTION care_append_only();"


class Migration(migrations.Migration):

    dependencies = [("care", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY, BACK)]
