"""The database itself keeps the ledger append-only and balanced, against raw SQL too.

Lines are checked a statement at a time, with the transition table: each entry's lines come in one
statement, are as many and as much as the entry says, in an open period, on funds, methods and VAT
codes that exist. Entries that only move money are checked again at commit. The functions name the
schema of the table they fire on, so another search path cannot make them look elsewhere.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: % on % is refused. Post a correcting entry.',
    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $body$
"""

CHECK_LINES = """
CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  bad bigint;
BEGIN
  EXECUTE format('
    SELECT n.entry_id FROM (
      SELECT entry_id, count(*) AS lines, sum(amount_pence) AS pence,
             min(position) AS lowest, max(position) AS highest
      FROM new_lines GROUP BY entry_id) n
    LEFT JOIN %1$I.ledger_entry e ON e.id = n.entry_id
    WHERE e.id IS NULL OR e.line_count <> n.lines OR e.total_pence <> n.pence
       OR n.lowest <> 1 OR n.highest <> n.lines
    LIMIT 1', TG_TABLE_SCHEMA) INTO bad;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'Entry % is unbalanced: its lines are not what it says.', bad
      USING ERRCODE = 'check_violation';
  END IF;

  EXECUTE format('
    SELECT n.period_id FROM (SELECT DISTINCT period_id FROM new_lines) n
    LEFT JOIN (SELECT id, closed_at FROM %1$I.ledger_period
               WHERE id IN (SELECT period_id FROM new_lines) FOR SHARE) p ON p.id = n.period_id
    WHERE p.id IS NULL OR p.closed_at IS NOT NULL
    LIMIT 1', TG_TABLE_SCHEMA) INTO bad;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'Period % is closed or not there.', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'line_period_open';
  END IF;

  EXECUTE format('
    SELECT n.fund_id FROM (SELECT DISTINCT fund_id, method_id, vat_code_id FROM new_lines) n
    WHERE NOT EXISTS (SELECT 1 FROM %1$I.funds_fund f WHERE f.id = n.fund_id)
       OR NOT EXISTS (SELECT 1 FROM %1$I.funds_methodofpayment m WHERE m.id = n.method_id)
       OR NOT EXISTS (SELECT 1 FROM %1$I.funds_vatcode v WHERE v.id = n.vat_code_id)
    LIMIT 1', TG_TABLE_SCHEMA) INTO bad;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'A line names a fund (%), method or VAT code that is not there.', bad
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $body$
"""

CHECK_MOVE = """
CREATE FUNCTION ledger_check_move() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  lines bigint;
  pence numeric;
BEGIN
  EXECUTE format('SELECT count(*), coalesce(sum(amount_pence), 0) FROM %I.ledger_line
                  WHERE entry_id = $1', TG_TABLE_SCHEMA) INTO lines, pence USING NEW.id;
  IF lines <> NEW.line_count OR pence <> NEW.total_pence THEN
    RAISE EXCEPTION 'Entry % is unbalanced at commit: % lines, % pence.', NEW.id, lines, pence
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $body$
"""

TRIGGERS = [
    """CREATE TRIGGER line_checked AFTER INSERT ON ledger_line
       REFERENCING NEW TABLE AS new_lines
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines()""",
    """CREATE CONSTRAINT TRIGGER entry_checked AFTER INSERT ON ledger_entry
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
       WHEN (NEW.kind NOT IN ('receipt', 'refund')) EXECUTE FUNCTION ledger_check_move()""",
    *(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()"""
        for table in ("ledger_entry", "ledger_line", "ledger_block")
    ),
]

UNDO = [
    *(f"DROP TRIGGER {t}_append_only ON {t}" for t in ("ledger_entry", "ledger_line", "ledger_block")),
    "DROP TRIGGER entry_checked ON ledger_entry",
    "DROP TRIGGER line_checked ON ledger_line",
    "DROP FUNCTION ledger_check_move()",
    "DROP FUNCTION ledger_check_lines()",
    "DROP FUNCTION ledger_refuse_change()",
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("funds", "0001_initial")]

    operations = [
        # Lists, so that each statement is run as it stands and is not split at its semicolons.
        migrations.RunSQL([REFUSE, CHECK_LINES, CHECK_MOVE, *TRIGGERS], UNDO)
    ]
