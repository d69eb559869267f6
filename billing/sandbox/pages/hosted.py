"""The pages a customer is sent to in between: 3-D Secure, his bank, PayPal, small deposits; and a mandate to read."""

from html import escape

from ..currencies import shown
from ..intents import AMOUNTS, DESCRIPTOR
from ..state import Object
from .frame import alert, clock, field, page

# kind -> (title, who asks, what agreeing is called, what refusing is called)
WORDS = {
    "card": (
        "3-D Secure",
        "Your test bank wants to know whether it is you.",
        "Complete authentication",
        "Fail authentication",
    ),
    "ideal": ("iDEAL", "This is your test bank.", "Approve", "Cancel"),
    "paypal": ("PayPal", "This is a test PayPal account.", "Agree and pay", "Cancel"),
}


def challenge(intent: Object, kind: str, *, merchant: str) -> bytes:
    """Agree or refuse, at the bank or the wallet."""
    title, who, yes, no = WORDS[kind]
    what = (
        f"{merchant} asks for {shown(intent['amount'], intent['currency'])}."
        if intent["object"] == "payment_intent"
        else f"{merchant} wants to store this for later payments."
    )
    return page(
        title,
        f"""<section class="card"><h1>{title}</h1>
<p>{escape(what)} {who}</p>
<form method="post" action="/c/challenge/{escape(intent["id"])}">
<button class="pay" name="outcome" value="complete">{yes}</button>
<button class="plain" name="outcome" value="fail">{no}</button>
</form></section>""",
    )


def verification(intent: Object, *, error: str = "") -> bytes:
    """Name the small deposits."""
    return page(
        "Verify your bank account",
        f"""<section class="card"><h1>Verify your bank account</h1>
<p>A deposit with a code of six letters and digits has come to your account. Enter the code to show that the
account is yours.</p>
<form method="post" action="/c/verify/{escape(intent["id"])}">
{alert(error)}
{field("code", "Code", {}, "code" if error else "", 'maxlength="6"', DESCRIPTOR)}
<button class="pay">Verify</button>
</form>
<p><small>In this test the code is {DESCRIPTOR}; by the API the amounts are {AMOUNTS[0]} and {AMOUNTS[1]}. Any
other is wrong.</small></p></section>""",
    )


def mandate(thing: Object, method: Object, *, merchant: str) -> bytes:
    """A SEPA mandate to read."""
    details = method["sepa_debit"]
    reference = thing["payment_method_details"]["sepa_debit"]["reference"]
    state = "in force" if thing["status"] == "active" else "ended"
    return page(
        "SEPA Direct Debit mandate",
        f"""<section class="card"><h1>SEPA Direct Debit mandate</h1>
<dl><dt>Creditor</dt><dd>{escape(merchant)}</dd>
<dt>Debtor</dt><dd>{escape(method["billing_details"]["name"] or "")}</dd>
<dt>Account</dt><dd>{details["country"]} ... {details["last4"]}</dd>
<dt>Reference</dt><dd class="id">{reference}</dd>
<dt>Given (UTC)</dt><dd>{clock(thing["created"])}</dd>
<dt>State</dt><dd>{state}</dd></dl></section>""",
    )
