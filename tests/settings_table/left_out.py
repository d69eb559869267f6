"""Settings without a row in docs/settings.md, each with the reason."""

# Columns that say whose a row is, not what a call does; by themselves, those of any model.
PLUMBING = {
    "id", "version", "customer", "branch_office",
    "ForwardNumber.line", "ScreeningRule.line", "HuntgroupMember.huntgroup", "IncludedHuntgroup.huntgroup",
    "Menu.line", "MenuChoice.menu", "ScheduleDay.schedule",
}  # fmt: skip

SERVED = "the engine hands the call to the service; this is for the feature server, which is still to be built"
KEYED = "how long a caller has to press a key; the feature server that waits for it is still to be built"
WHERE = "the switch sees from which country a phone registers; it is still to be built"

# Obeyed by what answers calls, and not built yet.
LATER: dict[str, str] = {
    "Extension.recorded_name": SERVED,
    "Menu.first_digit_seconds": KEYED,
    "Menu.next_digit_seconds": KEYED,
    "Site.country": WHERE,
    "Site.mobility": WHERE,
}

WORDS = "words for people"
ALWAYS_ON = "its page has no switch: it always counts"
STOCK = "about the stock of numbers and what they cost; which line a number rings is another column"
DELIVERED = "what the telephone company delivered, for people to read"

AFTERWARDS = "about what becomes of a message or a recording once the call is over; shown by the tests of boxes"

NO_CALL: dict[str, str] = {
    "AbbreviatedNumber.description": WORDS,
    "Answering.enabled": ALWAYS_ON,
    "BarringClass.dangerous": "asks for the password when somebody saves a forwarding to such a number",
    "BarringClass.name": WORDS,
    "BlockedCaller.blocked_at": WORDS,
    "BlockedCaller.blocked_by": WORDS,
    "BlockedCaller.note": WORDS,
    "CompanySettings.abbreviated_length": "how long a new number must be; those that exist are dialled as they are",
    "DialingRules.name": WORDS,
    "Line.mac": "names the phone, for whoever sets it up",
    "Line.note": WORDS,
    "Did.activation_fee": STOCK,
    "Did.city": STOCK,
    "Did.country": STOCK,
    "Did.currency": STOCK,
    "Did.frozen": STOCK,
    "Did.monthly_fee": STOCK,
    "Did.reserved_for": STOCK,
    "Did.reserved_until": STOCK,
    "Extension.name": WORDS,
    "Fax.action": AFTERWARDS,
    "Fax.email": AFTERWARDS,
    "Fax.file_format": AFTERWARDS,
    "Fax.name": WORDS,
    "ForwardNumber.description": WORDS,
    "ForwardOptions.enabled": "the mode says whether a line forwards: Line.forwarding",
    "Identity.enabled": ALWAYS_ON,
    "Line.batch": DELIVERED,
    "Line.kind": DELIVERED,
    "Line.phone_model": DELIVERED,
    "Line.product": DELIVERED,
    "NumberFilter.name": WORDS,
    "Recording.email": AFTERWARDS,
    "Recording.keep_days": AFTERWARDS,
    "Recording.owner_only": AFTERWARDS,
    "Recording.send_by_email": AFTERWARDS,
    "Schedule.name": WORDS,
    "ScheduleDay.name": WORDS,
    "ScreeningRule.name": WORDS,
    "SipProxy.name": WORDS,
    "Site.is_default": "made with the customer; tests of plans show that lines without a site share it",
    "Site.name": WORDS,
    "Voicemail.email": AFTERWARDS,
    "Voicemail.email_option": AFTERWARDS,
    "Voicemail.file_format": AFTERWARDS,
    "Voicemail.limit_mb": AFTERWARDS,
}
