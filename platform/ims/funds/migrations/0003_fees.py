"""Name the columns of a method's fees so that none is taken for an amount (docs/adr/0004)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("funds", "0002_settings_records")]

    operations = [
        migrations.RemoveConstraint("methodofpayment", "method_central_fee_has_account"),
        migrations.RenameField("methodofpayment", "fee", "fees"),
        migrations.RenameField("methodofpayment", "fee_fund", "fees_fund"),
        migrations.RenameField("methodofpayment", "fee_account", "fees_account"),
        migrations.AddConstraint(
            "methodofpayment",
            models.CheckConstraint(
                condition=~models.Q(fees="central")
                | (models.Q(fees_fund__isnull=False) & ~models.Q(fees_account="")),
                name="method_central_fee_has_account",
            ),
        ),
    ]
