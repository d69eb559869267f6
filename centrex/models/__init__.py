"""The telephone system of a customer: lines, extensions, huntgroups, numbers, and what the company has set."""

from centrex.models.attendant import Menu, MenuChoice
from centrex.models.blocked import BlockedCaller
from centrex.models.box import BoxMessage
from centrex.models.destinations import CalledCountries, NewDestination
from centrex.models.dial_code import DialCode
from centrex.models.dialing import AbbreviatedNumber, DialingRules
from centrex.models.did import Did
from centrex.models.disa import DisaGuard
from centrex.models.emergency import EmergencyAddress
from centrex.models.extension import Extension
from centrex.models.feature import FeatureSetting
from centrex.models.filters import NumberFilter, Schedule, ScheduleDay
from centrex.models.guard import BarringClass
from centrex.models.health import HealthDismissal
from centrex.models.huntgroup import Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.models.line import Batch, Line, PhoneModel
from centrex.models.line_rules import ForwardNumber, ScreeningRule, SipProxy
from centrex.models.planned import PlannedChange
from centrex.models.queue import CallQueue
from centrex.models.recording import CallRecording
from centrex.models.settings import CompanySettings
from centrex.models.sheet import SheetUpload
from centrex.models.sip import LineLogin, SipCredential
from centrex.models.site import Site
from centrex.models.sound import Sound

__all__ = [
    "AbbreviatedNumber",
    "BarringClass",
    "Batch",
    "BlockedCaller",
    "BoxMessage",
    "CallQueue",
    "CallRecording",
    "CalledCountries",
    "CompanySettings",
    "DialCode",
    "DialingRules",
    "Did",
    "DisaGuard",
    "EmergencyAddress",
    "Extension",
    "FeatureSetting",
    "ForwardNumber",
    "HealthDismissal",
    "Huntgroup",
    "HuntgroupMember",
    "IncludedHuntgroup",
    "Line",
    "LineLogin",
    "Menu",
    "MenuChoice",
    "NewDestination",
    "NumberFilter",
    "PhoneModel",
    "PlannedChange",
    "Schedule",
    "ScheduleDay",
    "ScreeningRule",
    "SheetUpload",
    "SipCredential",
    "SipProxy",
    "Site",
    "Sound",
]
