"""Help: every page of the menu has a text of its own, and the drawer shows it."""

import pytest
from django.template.loader import get_template
from django.urls import reverse

from selfcare.navigation import TABS

PAGES = [item.name for tab in TABS for item in tab.items]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_help_text_of_its_own(page, as_alice):
    own = get_template(f"help/{page.replace(':', '/')}.html").template.source
    sentence = next(line for line in own.splitlines() if "blocktranslate" in line)
    words = sentence.split("%}")[1].split("<")[0].split("{%")[0][:40]
    assert len(words) > 20
    assert words in as_alice.get(reverse(page)).content.decode()
