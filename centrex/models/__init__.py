"""The telephone system of a customer: lines, extensions, huntgroups, numbers."""

from centrex.models.dial_code import DialCode
from centrex.models.did import Did
from centrex.models.extension import Extension
from centrex.models.huntgroup import Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.models.line import Batch, Line
from centrex.models.recording import CallRecording

__all__ = [
    "Batch",
    "CallRecording",
    "DialCode",
    "Did",
    "Extension",
    "Huntgroup",
    "HuntgroupMember",
    "IncludedHuntgroup",
    "Line",
]
