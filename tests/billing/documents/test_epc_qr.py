"""The QR code for bank transfers."""

from decimal import Decimal

import pytest

from billing.documents import epc_qr

GIVEN = {"name": "Telefon & Söhne", "iban": "de89 3704 0044 0532 0130 00", "bic": "cobadeffxxx", "text": "000017"}


def test_the_lines_as_epc069_12_has_them():
    receiver = ["COBADEFFXXX", "Telefon & Söhne", "DE89370400440532013000"]
    expected = ["BCD", "002", "1", "SCT", *receiver, "EUR53.98", "", "", "000017"]
    assert epc_qr.payload(amount=Decimal("53.980"), **GIVEN).split("\n") == expected


def test_what_a_field_cannot_hold_is_cut():
    lines = epc_qr.payload(amount=Decimal(1), **(GIVEN | {"name": "x" * 99, "text": "y" * 200})).split("\n")
    assert (len(lines[5]), len(lines[10])) == (70, 140)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000"])
def test_amounts_that_no_transfer_carries(amount):
    with pytest.raises(ValueError, match="transfer"):
        epc_qr.payload(amount=Decimal(amount), **GIVEN)


def test_the_picture_is_one_square_with_a_quiet_edge():
    svg = epc_qr.as_svg(epc_qr.payload(amount=Decimal(1), **GIVEN))
    size = int(svg.split('viewBox="0 0 ')[1].split()[0])
    assert (size - 2 * epc_qr.QUIET - 17) % 4 == 0, "17 + 4 modules a version"
    assert "M4 4h1v1h-1z" in svg, "the finder pattern's corner"
    assert "M3 3" not in svg
