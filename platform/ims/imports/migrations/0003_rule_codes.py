"""Give the rules of before readable codes, made from their names."""

from django.db import migrations
from django.utils.text import slugify


def name_codes(apps, schema_editor):
    """A rule `Council Tax` becomes `council-tax`; a code already taken gets the rule's number."""
    taken = set()
    for rule in apps.get_model("imports", "ImportRule").objects.order_by("order", "id"):
        code = slugify(rule.name)[:34].strip("-") or "rule"
        rule.code = f"{code}-{rule.order}"[:40] if code in taken else code
        taken.add(rule.code)
        rule.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_settings_records")]

    operations = [migrations.RunPython(name_codes, migrations.RunPython.noop)]
