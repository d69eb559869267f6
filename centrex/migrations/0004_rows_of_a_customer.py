"""Every customer has settings and a Default site, from his first moment, however he came into the database."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION centrex_rows_of_a_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO centrex_companysettings (customer_id, version) VALUES (NEW.id, 1);
    INSERT INTO centrex_site (customer_id, version, name, is_default) VALUES (NEW.id, 1, 'Default', true);
    RETURN NULL;
END $$;

CREATE TRIGGER centrex_rows_of_a_customer AFTER INSERT ON selfcare_customer
    FOR EACH ROW EXECUTE FUNCTION centrex_rows_of_a_customer();

INSERT INTO centrex_companysettings (customer_id, version) SELECT id, 1 FROM selfcare_customer;
INSERT INTO centrex_site (customer_id, version, name, is_default) SELECT id, 1, 'Default', true FROM selfcare_customer;
"""

UNDO = """
DROP TRIGGER centrex_rows_of_a_customer ON selfcare_customer;
DROP FUNCTION centrex_rows_of_a_customer();
"""


class Migration(migrations.Migration):
    dependencies = [("centrex", "0003_company_pages")]
    operations = [migrations.RunSQL(TRIGGER, UNDO)]
