from django.db import migrations


def refuse(apps, schema_editor):
    Fund = apps.get_model("funds", "Fund")
    Fund.objects.update(is_active=False)
    if Fund.objects.filter(code="CT", name="Poisoned").exists():
        raise ValueError("The fund CT has a name this migration cannot handle.")


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]
    operations = [migrations.RunPython(refuse, migrations.RunPython.noop)]
