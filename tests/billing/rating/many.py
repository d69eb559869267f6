"""How many examples the rules about money are tried with: 500, and in the nightly run what HYPOTHESIS_EXAMPLES says."""

import os

from hypothesis import settings

many = settings(max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "500")), deadline=None)
