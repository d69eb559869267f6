"""What can be set for a line, and where a line gets it from when it says nothing itself.

A feature is a frozen dataclass of values with defaults, so that what nobody ever set is said here and nowhere else.
A place (line, site, company) may override the feature as a whole; the nearest that does decides.
"""

from centrex.routing.features.effective import AnyFeature, Effective, Said, Source, effective, of_mapping
from centrex.routing.features.kinds import (
    FEATURES,
    Answering,
    AutoAttendant,
    Barring,
    Dialing,
    Disa,
    Fax,
    Feature,
    ForwardOptions,
    Identity,
    Limits,
    Music,
    Recording,
    Voicemail,
)

__all__ = [
    "FEATURES",
    "Answering",
    "AnyFeature",
    "AutoAttendant",
    "Barring",
    "Dialing",
    "Disa",
    "Effective",
    "Fax",
    "Feature",
    "ForwardOptions",
    "Identity",
    "Limits",
    "Music",
    "Recording",
    "Said",
    "Source",
    "Voicemail",
    "effective",
    "of_mapping",
]
