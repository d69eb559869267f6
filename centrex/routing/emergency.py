"""What may become of an emergency address, from state to state."""

from __future__ import annotations

from collections.abc import Mapping

DRAFT, SUBMITTED, NEEDS_CHOICE, INVALID = "draft", "submitted", "needs_choice", "invalid"
ACCEPTED, ACTIVE, SUPERSEDED = "accepted", "active", "superseded"

# An address that was edited begins anew as a draft; nothing becomes active that nobody has accepted.
FOLLOWS: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({DRAFT, SUBMITTED}),
    SUBMITTED: frozenset({DRAFT, NEEDS_CHOICE, INVALID, ACCEPTED}),
    NEEDS_CHOICE: frozenset({DRAFT, SUBMITTED, ACCEPTED}),
    INVALID: frozenset({DRAFT, SUBMITTED}),
    ACCEPTED: frozenset({ACTIVE}),
    ACTIVE: frozenset({SUPERSEDED}),
    SUPERSEDED: frozenset(),
}


def may_follow(state: str, following: str) -> bool:
    """Whether an address in `state` may get into the state `following`."""
    return following in FOLLOWS[state]
