from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_probe")]
    operations = [migrations.AddField("probe", "note", models.CharField(max_length=9, default=""))]
