"""Customers, their users, and what the portal remembers about both."""

from selfcare.models.audit import AuditEvent
from selfcare.models.brand import Brand
from selfcare.models.customer import Customer, CustomerClass, Statistic
from selfcare.models.mail import MailAttachment, OutgoingMail
from selfcare.models.preferences import Preference
from selfcare.models.sms import OutgoingSms
from selfcare.models.tax import NoTax, words_for_no_tax
from selfcare.models.user import Role, User, owners_of
from selfcare.models.versioned import Versioned

__all__ = [
    "AuditEvent",
    "Brand",
    "Customer",
    "CustomerClass",
    "MailAttachment",
    "NoTax",
    "OutgoingMail",
    "OutgoingSms",
    "Preference",
    "Role",
    "Statistic",
    "User",
    "Versioned",
    "owners_of",
    "words_for_no_tax",
]
