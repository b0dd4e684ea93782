from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_probe")]
    operations = [
        migrations.AddField("probe", "note", models.CharField(max_length=9, default="it's 5%")),
        migrations.AddConstraint(
            "probe", models.UniqueConstraint(fields=["name", "note"], name="probe_once")
        ),
        migrations.RunSQL(
            [
                """CREATE FUNCTION probe_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
                BEGIN
                  RAISE EXCEPTION 'Probe % stays; nothing is deleted.', OLD.id;
                END $body$""",
                """CREATE TRIGGER probe_stays BEFORE DELETE ON reports_probe
                FOR EACH ROW EXECUTE FUNCTION probe_refuse()""",
            ]
        ),
    ]
