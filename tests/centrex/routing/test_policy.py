"""The destination policy: home is allowed, abroad and costly is asked about, listed is denied, help always goes."""

import pytest

from centrex.routing.policy import Answer, Policy, Reason, Risk, check

RISKY = Policy(denied=("1900%", "53%"), risky=("4479%", "1876%"))


@pytest.mark.parametrize(
    ("number", "home", "answer", "risk", "reason"),
    [
        ("12125550102", "US", Answer.ALLOW, Risk.LOW, Reason.HOME),
        ("18005551234", "US", Answer.ALLOW, Risk.LOW, Reason.HOME),
        ("4930231250", "DE", Answer.ALLOW, Risk.LOW, Reason.HOME),
        ("390612345678", "IT", Answer.ALLOW, Risk.LOW, Reason.HOME),
        ("442071234567", "US", Answer.STEP_UP, Risk.LOW, Reason.ABROAD),
        ("16135550100", "US", Answer.STEP_UP, Risk.LOW, Reason.ABROAD),  # Canada, under the same country code
        ("17672351234", "US", Answer.STEP_UP, Risk.LOW, Reason.ABROAD),  # Dominica, too
        ("12125550102", "", Answer.STEP_UP, Risk.LOW, Reason.ABROAD),  # a customer whose country nobody filled in
        ("19765551234", "US", Answer.STEP_UP, Risk.LOW, Reason.ABROAD),  # nobody knows where: an area code not in use
        ("491805123456", "DE", Answer.STEP_UP, Risk.SPECIAL, Reason.SHARED_COST),
        ("447012345678", "GB", Answer.STEP_UP, Risk.SPECIAL, Reason.PERSONAL),
        ("870773111632", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.SATELLITE),
        ("881612345678", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.SATELLITE),
        ("88213300655", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.SATELLITE),
        ("88351001234567", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.SATELLITE),
        ("979123456789", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.PREMIUM),
        ("411", "US", Answer.STEP_UP, Risk.SPECIAL, Reason.SHORT),
        ("447911123456", "GB", Answer.STEP_UP, Risk.FRAUD, Reason.LISTED),
        ("18765551234", "US", Answer.STEP_UP, Risk.FRAUD, Reason.LISTED),
        ("19005551234", "US", Answer.DENY, Risk.FRAUD, Reason.DENIED),
        ("5378301234", "US", Answer.DENY, Risk.FRAUD, Reason.DENIED),
        ("9991234567", "US", Answer.DENY, Risk.FRAUD, Reason.UNKNOWN),
    ],
)  # fmt: skip
def test_a_number(number, home, answer, risk, reason):
    verdict = check(RISKY, number, home=home)
    assert (verdict.answer, verdict.risk, verdict.reason) == (answer, risk, reason)


def test_without_lists_a_premium_number_is_asked_about():
    assert check(Policy(), "19005551234", home="US").reason is Reason.PREMIUM


@pytest.mark.parametrize(("number", "home"), [("911", "US"), ("112", "US"), ("110", "DE"), ("999", "GB"), ("112", "")])
def test_help_is_never_denied(number, home):
    everything = Policy(denied=("%",), risky=("%",))
    assert check(everything, number, home=home).answer is Answer.ALLOW
