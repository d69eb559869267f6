"""How often each fault is tried: once, and in the nightly run what FAULT_ROUNDS says (50)."""

import os

ROUNDS = range(int(os.environ.get("FAULT_ROUNDS", "1")))
