"""Call Logs: the customer looks up who called whom, listens to recorded calls, and finds callers to block."""

from centrex.pages.calls.deletion import DeleteRecordings
from centrex.pages.calls.views import Details, List

__all__ = ["DeleteRecordings", "Details", "List"]
