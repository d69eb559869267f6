from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selfcare", "0002_cache_table")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="pending_email",
            field=models.EmailField(
                blank=True, default="", editable=False, max_length=254, verbose_name="e-mail to be confirmed"
            ),
            preserve_default=False,
        ),
    ]
