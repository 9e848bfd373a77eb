"""The serial of register numbers, and the function that issues them."""

from django.db import migrations

ISSUE = """
CREATE SEQUENCE register_number_serial;
CREATE FUNCTION register_next_number() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  serial bigint;
  issued text;
BEGIN
  LOOP
    serial := nextval('register_number_serial');
    issued := 'Q' || lpad(serial::text, greatest(8, length(serial::text)), '0')
      || substr('ABCDEFGHJKLMNPQRSTVWXYZ', (serial % 23)::int + 1, 1);
    EXIT WHEN NOT EXISTS (SELECT 1 FROM register_entry WHERE register_number = issued);
  END LOOP;
  RETURN issued;
END $$;
"""
TAKE_BACK = "DROP FUNCTION register_next_number(); DROP SEQUENCE register_number_serial;"


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunSQL(ISSUE, TAKE_BACK)]
