"""Reports of a test lie in a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
