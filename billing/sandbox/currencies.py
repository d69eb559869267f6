"""Currencies: which are known, how many decimals they have, the smallest and largest charge.

Amounts are integers in the currency's smallest unit. Minimums follow Stripe's published table
(https://docs.stripe.com/currencies, minimum and maximum charge amounts).
"""

from decimal import Decimal

from .errors import invalid

TWO_DECIMAL_CODES = """
aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny
cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk
jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio
nok npr nzd pab pen pgk php pkr pln qar ron rsd sar sbd scr sek sgd shp sle sos srd std szl thb tjs top
try ttd twd tzs uah ugx usd uyu uzs wst xcd yer zar zmw
"""
ZERO_DECIMAL_CODES = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
TWO_DECIMAL = frozenset(TWO_DECIMAL_CODES.split())
ZERO_DECIMAL = frozenset(ZERO_DECIMAL_CODES.split())
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
# Sent with two decimals for old times' sake, though the currency has none.
WHOLE_UNITS = frozenset(("isk", "ugx"))
KNOWN = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL
MINIMUM = {
    "aed": 200,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
}
USUAL_MINIMUM = 50
MAXIMUM = 99_999_999


def known(code: str, *, param: str = "currency") -> str:
    """The currency in lower case; 400 for one that does not exist."""
    lowered = code.lower()
    if lowered not in KNOWN:
        raise invalid(f"Invalid currency: {code}.", param=param)
    return lowered


def decimals(currency: str) -> int:
    """How many of the amount's digits stand after the point."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def shown(amount: int, currency: str) -> str:
    """The amount for people: `12.50 USD`, `500 JPY`."""
    places = decimals(currency)
    return f"{Decimal(amount).scaleb(-places):,.{places}f} {currency.upper()}"


def chargeable(amount: int, currency: str, *, param: str = "amount") -> int:
    """The amount, if it can be charged in that currency; 400 otherwise."""
    least = MINIMUM.get(currency, USUAL_MINIMUM)
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    if amount < least:
        raise invalid(f"Amount must be at least {shown(least, currency)}.", param=param, code="amount_too_small")
    if amount > MAXIMUM:
        raise invalid(f"Amount must be no more than {shown(MAXIMUM, currency)}.", param=param, code="amount_too_large")
    step = 100 if currency in WHOLE_UNITS else 10 if currency in THREE_DECIMAL else 1
    if amount % step:
        raise invalid(
            f"Invalid amount for {currency}: must be a multiple of {step}.",
            param=param,
            code="parameter_invalid_integer",
        )
    return amount
