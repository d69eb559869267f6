"""Sounds that customers give us: taking one in, converting it, and putting it where callers hear it."""

from centrex.operations.sounds.conversion import convert_sound, convert_waiting
from centrex.operations.sounds.keeping import add_sound, discard
from centrex.operations.sounds.line_music import set_line_music
from centrex.operations.sounds.music import set_music, use_default_tune
from centrex.operations.sounds.names import remove_recorded_name, set_recorded_name

__all__ = [
    "add_sound",
    "convert_sound",
    "convert_waiting",
    "discard",
    "remove_recorded_name",
    "set_line_music",
    "set_music",
    "set_recorded_name",
    "use_default_tune",
]
