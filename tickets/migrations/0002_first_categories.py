"""A new portal takes tickets from its first day; staff rename, add and remove categories in the administration."""

from django.db import migrations

NAMES = ["Phone service", "Bills and payments", "Orders and changes", "Other question"]


def add_categories(apps, schema_editor):
    category = apps.get_model("tickets", "Category")
    for position, name in enumerate(NAMES, start=1):
        category.objects.get_or_create(name=name, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(add_categories, migrations.RunPython.noop)]
