"""The typeface of reports, and text that stays inside its column.

DejaVu Sans Condensed is embedded, cut down to the letters that are used: Latin, Greek and Cyrillic are all there.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent.parent / "fonts"
PLAIN, BOLD = "SelfcareReport", "SelfcareReport-Bold"
FILES = {PLAIN: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}
ELLIPSIS = "…"
# Signs that have no width or would break the line; they are printed as a space.
UNPRINTABLE = dict.fromkeys([*range(32), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), 0xFEFF], " ")


def register() -> None:
    """Make the fonts known to reportlab, once in a process."""
    known = pdfmetrics.getRegisteredFontNames()
    for name, file in FILES.items():
        if name not in known:
            rl_config.useA85 = 0  # streams of bytes: smaller, and made faster
            pdfmetrics.registerFont(TTFont(name, str(FOLDER / file)))


@lru_cache(maxsize=20_000)
def fitted(text: str, room: float, font: str, size: float) -> tuple[str, float]:
    """`text` on one line of at most `room` points, with an ellipsis where something was cut off; and its width."""
    if not text.isprintable() or "  " in text:
        text = " ".join(text.translate(UNPRINTABLE).split())
    width = wide(text, font, size)
    if width <= room:
        return text, width
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if wide(text[:middle].rstrip() + ELLIPSIS, font, size) <= room:
            low = middle
        else:
            high = middle - 1
    text = text[:low].rstrip() + ELLIPSIS
    return text, wide(text, font, size)


def wide(text: str, font: str, size: float) -> float:
    """The width of `text` in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
