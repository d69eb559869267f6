"""The ITSP's colour and logo, served as files of our own so that the strict CSP holds."""

from __future__ import annotations

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from selfcare.models import Brand

Rgb = tuple[float, float, float]
# As in static/css/look.css: the paper, what lies under the pointer, and how much of the accent a soft ground has.
LIGHT_PAPER: Rgb = (1.0, 1.0, 1.0)
LIGHT_HOVER: Rgb = (0.941, 0.953, 0.965)
LIGHT_SOFT = 0.1
DARK_PAPER: Rgb = (0.106, 0.125, 0.145)
DARK_HOVER: Rgb = (0.137, 0.165, 0.192)
DARK_SOFT = 0.15
READABLE = 4.5  # WCAG 2.2, 1.4.3


@login_not_required
@cache_control(max_age=300, private=True)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The accent colour for light and dark, moved until text in it can be read wherever it stands."""
    accent = parse(Brand.current().colour)
    light = readable(accent, LIGHT_PAPER, LIGHT_HOVER, LIGHT_SOFT)
    dark = readable(accent, DARK_PAPER, DARK_HOVER, DARK_SOFT)
    css = (
        # The administration has colours of its own for light and dark, and takes the brand's by these names.
        f":root{{--brand-on-light:{hexed(light)};--brand-on-dark:{hexed(dark)}}}\n"
        f":root{{--accent:{hexed(light)};--accent-strong:{hexed(mixed(light, (0, 0, 0), 0.25))};"
        f"--accent-soft:{hexed(mixed(LIGHT_PAPER, light, LIGHT_SOFT))}}}\n"
        f'[data-bs-theme="dark"]{{--accent:{hexed(dark)};--accent-strong:{hexed(mixed(dark, (1, 1, 1), 0.3))};'
        f"--accent-soft:{hexed(mixed(DARK_PAPER, dark, DARK_SOFT))}}}\n"
    )
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@login_not_required
@cache_control(max_age=300, private=True)
def brand_logo(request: HttpRequest) -> FileResponse:
    """The logo as staff uploaded it."""
    logo = Brand.current().logo
    if not logo or not logo.storage.exists(logo.name):
        raise Http404
    return FileResponse(logo.open("rb"), content_type=mimetypes.guess_type(logo.name)[0] or "image/png")


def parse(colour: str) -> Rgb:
    """#rrggbb as three parts from 0 to 1."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]  # three by the range


def hexed(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def mixed(colour: Rgb, other: Rgb, share: float) -> Rgb:
    """`colour` with `share` of `other` in it."""
    return tuple(a + (b - a) * share for a, b in zip(colour, other, strict=True))  # type: ignore[return-value]


def luminance(colour: Rgb) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(accent: Rgb, paper: Rgb, hover: Rgb, soft: float) -> Rgb:
    """`accent`, darkened on light paper or lightened on dark until it reaches READABLE on each ground it may have.

    The soft ground, with a share of `soft` of the accent in it, changes with the accent.
    """
    towards: Rgb = (0, 0, 0) if luminance(paper) > 0.5 else (1, 1, 1)
    steps = (mixed(accent, towards, share / 20) for share in range(21))
    return next((step for step in steps if can_be_read(step, [paper, hover, mixed(paper, step, soft)])), towards)


def can_be_read(text: Rgb, grounds: list[Rgb]) -> bool:
    return all(contrast(text, ground) >= READABLE for ground in grounds)
