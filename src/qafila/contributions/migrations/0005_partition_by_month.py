"""Calls and ledger lines become tables partitioned by month. See `contributions/partitions.py`."""

from __future__ import annotations

from django.db import migrations

# Rows already there go to the default partition, where rows of a month nobody prepared also go.
PARTITIONED = """
ALTER TABLE {table} RENAME TO {table}_whole;
CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE (month);
CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
CREATE SEQUENCE {table}_number AS bigint;
INSERT INTO {table} SELECT * FROM {table}_whole;
SELECT setval('{table}_number', greatest((SELECT max(id) FROM {table}), 1),
              EXISTS (SELECT FROM {table}));
DROP TABLE {table}_whole CASCADE;
ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{table}_number');
ALTER SEQUENCE {table}_number OWNED BY {table}.id;
ALTER TABLE {table} ADD PRIMARY KEY (id, month);
"""

CALLS = """
ALTER TABLE contributions_call
    ADD CONSTRAINT one_call_per_month UNIQUE (enrolment_id, month, sequence),
    ADD CONSTRAINT call_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolment_enrolment (id),
    ADD CONSTRAINT call_person FOREIGN KEY (person_id) REFERENCES people_person (id);
CREATE INDEX call_by_person ON contributions_call (person_id, month);
ALTER TABLE contributions_allocation
    ADD CONSTRAINT allocation_call FOREIGN KEY (call_id, call_month)
        REFERENCES contributions_call (id, month);
"""

LEDGER = """
ALTER TABLE contributions_ledgerline
    ADD CONSTRAINT posting_side_once UNIQUE (posting, book, month);
CREATE INDEX ledger_by_person ON contributions_ledgerline (person_id, posted_on);
"""

# Only a merge of persons and the day of settlement may touch a posted row.
APPEND_ONLY = """
CREATE FUNCTION contributions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are never changed or removed. Post a correction.', tg_table_name
      USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only
    BEFORE DELETE OR UPDATE OF enrolment_id, month, sequence, category, amount_centimes, due_on
    ON contributions_call FOR EACH STATEMENT EXECUTE FUNCTION contributions_append_only();
CREATE TRIGGER append_only
    BEFORE DELETE OR UPDATE OF posting, book, amount_centimes, posted_on, month
    ON contributions_ledgerline FOR EACH STATEMENT EXECUTE FUNCTION contributions_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE
    ON contributions_allocation FOR EACH STATEMENT EXECUTE FUNCTION contributions_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_settlement_and_work_queue")]

    operations = [
        migrations.RunSQL(PARTITIONED.format(table="contributions_call"), migrations.RunSQL.noop),
        migrations.RunSQL(CALLS, migrations.RunSQL.noop),
        migrations.RunSQL(
            PARTITIONED.format(table="contributions_ledgerline"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(LEDGER, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
