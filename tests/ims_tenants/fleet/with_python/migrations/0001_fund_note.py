from django.db import migrations


def mark(apps, schema_editor):
    Fund = apps.get_model("funds", "Fund")
    for fund in Fund.objects.all():
        fund.name = f"{fund.name} *"
        fund.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]
    # Hidden inside another operation, where a look at the outer list does not find it.
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(mark, migrations.RunPython.noop)]
        )
    ]
