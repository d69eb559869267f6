"""Numbers carry the currency of their fees: a sold one its owner's, the stock the one that most customers have."""

import django.core.validators
from django.db import migrations, models

import selfcare.models.customer

# Without a customer the stock stays without a currency, and is for sale when staff has filled it in.
FILL = """
UPDATE centrex_did SET currency = owner.currency FROM selfcare_customer AS owner WHERE owner.id = customer_id;
UPDATE centrex_did SET currency = usual.currency
FROM (SELECT currency FROM selfcare_customer GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AS usual
WHERE customer_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("centrex", "0006_sound_conversion"),
        ("selfcare", "0004_finer_tax_rate"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="did",
            name="dids_in_stock",
        ),
        migrations.AddField(
            model_name="did",
            name="currency",
            field=models.CharField(
                default="",
                max_length=3,
                validators=[selfcare.models.customer.validate_currency],
                verbose_name="currency",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="did",
            name="activation_fee",
            field=models.DecimalField(
                decimal_places=2,
                default=0,
                max_digits=10,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="activation fee",
            ),
        ),
        migrations.AlterField(
            model_name="did",
            name="monthly_fee",
            field=models.DecimalField(
                decimal_places=2,
                default=0,
                max_digits=10,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="monthly fee",
            ),
        ),
        migrations.AlterField(
            model_name="did",
            name="number",
            field=models.CharField(
                max_length=15,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[1-9][0-9]{6,14}\\Z", "Enter a number in E.164 without the plus, such as 12125550150."
                    )
                ],
                verbose_name="DID",
            ),
        ),
        migrations.AddIndex(
            model_name="did",
            index=models.Index(
                condition=models.Q(("customer__isnull", True), ("frozen", False)),
                fields=["currency", "country", "city", "number"],
                include=("reserved_until", "reserved_for"),
                name="dids_for_sale",
            ),
        ),
    ]
