"""The telephone company whose portal this is."""

from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from selfcare.models.tax import NoTax

HEX_COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Enter a colour such as #0b5cad."))


class Brand(models.Model):
    """The ITSP: its name, look, and what its invoices must print. One row; staff edit it in the admin."""

    name = models.CharField(_("name"), max_length=100)
    logo = models.ImageField(
        _("logo"),
        upload_to="brand/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
        help_text=_("Shown at the top left, 32 pixels high. PNG, JPEG or WebP."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0b5cad",
        validators=[HEX_COLOUR],
        help_text=_("Used for links and buttons; it is darkened or lightened where text would be hard to read."),
    )
    address = models.TextField(_("address"), blank=True)
    country = CountryField(_("country"), blank=True, help_text=_("An e-invoice cannot be made without it."))
    tax_id = models.CharField(
        _("tax ID"),
        max_length=30,
        blank=True,
        help_text=_("In the European Union your VAT number with the letters of its country, such as DE136695976."),
    )
    registration = models.CharField(
        _("company registration"),
        max_length=60,
        blank=True,
        help_text=_(
            "The number in the register of companies, such as HRB 12345. An e-invoice needs it or a VAT number."
        ),
    )
    no_tax = models.CharField(
        _("invoices without tax"),
        max_length=2,
        blank=True,
        choices=NoTax,
        help_text=_(
            "Why customers with a tax rate of 0 pay no tax, such as “Exempt from tax”. Without a reason they get no"
            " e-invoice. A customer can have a reason of his own."
        ),
    )
    no_tax_words = models.CharField(
        _("words for an exemption"),
        max_length=200,
        blank=True,
        help_text=_("Printed on invoices that are exempt from tax, such as “VAT exempt, small business scheme”."),
    )
    support_email = models.EmailField(_("support e-mail"), blank=True)
    support_phone = models.CharField(_("support phone"), max_length=30, blank=True)
    bank_details = models.TextField(_("bank details"), blank=True, help_text=_("Printed at the foot of each invoice."))
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brand")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_brand")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Brand":
        """The saved brand, or a plain one on a portal that has none yet."""
        return cls.objects.first() or cls(name="Selfcare")
