"""The QR code that banking apps read to fill in a SEPA transfer (EPC069-12, version 2)."""

from __future__ import annotations

import base64
from decimal import Decimal

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4  # light modules around the code that scanners need
MOST = Decimal("999999999.99")


def payload(*, name: str, iban: str, bic: str, amount: Decimal, text: str) -> str:
    """The lines of the code: euros with two decimals, names cut to their fields' lengths.

    Raises ValueError for an amount that a transfer cannot carry.
    """
    if not Decimal("0.01") <= amount <= MOST:
        raise ValueError(f"a transfer cannot be for {amount}")
    fields = ("BCD", "002", "1", "SCT", _plain(bic), name[:70], _plain(iban), f"EUR{amount:.2f}", "", "", text[:140])
    return "\n".join(fields)


def as_svg(text: str) -> str:
    """The code as an SVG picture with one path, error correction M as EPC asks."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    dark = ((row, column) for row in range(size) for column in range(size) if code.isDark(row, column))
    path = "".join(f"M{column + QUIET} {row + QUIET}h1v1h-1z" for row, column in dark)
    box = size + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}" shape-rendering="crispEdges">'
        f'<path d="M0 0h{box}v{box}h-{box}z" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def as_address(svg: str) -> str:
    """The picture as a data: address."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _plain(value: str) -> str:
    return "".join(value.split()).upper()
