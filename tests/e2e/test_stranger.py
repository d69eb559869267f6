"""Charlie types the addresses of EasyCall's records, as a stranger would, and finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.house.samples import NOT_FOUND, SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_stranger_finds_nothing(page: Page, live_server, easycall, alice, charlie, sign_in, complaints):
    hers = [
        reverse(name, args=make(easycall, alice)) for name, (make, status) in SAMPLES.items() if status == NOT_FOUND
    ]
    assert len(hers) > 10
    sign_in(charlie)
    page.goto(live_server.url)
    expect(page.get_by_text("Lotus Clinic").first).to_be_visible()
    for address in hers:
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 404, address
        expect(page.get_by_role("heading", name="This page does not exist")).to_be_visible()
        assert "EasyCall" not in page.content()
    # Chromium itself notes each of these answers; anything else would be a complaint.
    complaints[:] = [text for text in complaints if "404 (Not Found)" not in text]
