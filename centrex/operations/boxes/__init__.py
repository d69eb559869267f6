"""Boxes of lines: taking messages in, writing about them, keeping order among them, and what a box does."""

from centrex.operations.boxes.keeping import delete_messages, mark_heard, mark_messages, remove_forwarded, star_message
from centrex.operations.boxes.settings import set_fax, set_voicemail
from centrex.operations.boxes.storing import store_message

__all__ = [
    "delete_messages",
    "mark_heard",
    "mark_messages",
    "remove_forwarded",
    "set_fax",
    "set_voicemail",
    "star_message",
    "store_message",
]
