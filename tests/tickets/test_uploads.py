"""Which files are taken."""

import pytest
from django.core.exceptions import ValidationError

from tests.tickets.files import BAD, GOOD, upload
from tickets.uploads import checked, safe_name


@pytest.mark.parametrize("name", GOOD)
def test_what_customers_need_to_show_is_taken(name):
    taken = checked(upload(name, GOOD[name]))
    assert taken.content_type != "text/html"
    assert taken.size == len(GOOD[name])
    assert taken.content.read() == GOOD[name], "the file is kept as it is, from its first byte"


@pytest.mark.parametrize("name", BAD)
def test_what_is_something_else_is_refused_by_name(name):
    with pytest.raises(ValidationError) as refusal:
        checked(upload(name, BAD[name]))
    assert name.lstrip(".") in refusal.value.messages[0]


def test_the_limit_is_the_largest_file_that_is_taken(settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    assert checked(upload("a.txt", b"x" * 10)).size == 10
    with pytest.raises(ValidationError, match="too large"):
        checked(upload("a.txt", b"x" * 11))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.png", "photo.png"),
        ("Übersicht März.PDF", "Übersicht März.pdf"),
        ("../../etc/cron.d/job.txt", "job.txt"),
        ("C:\\Users\\alice\\photo.png", "photo.png"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("two\r\nlines\0.txt", "twolines.txt"),
        ("...txt", "file.txt"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"),
    ],
)
def test_a_name_keeps_nothing_that_could_be_a_path_or_a_trick(given, kept):
    assert safe_name(given) == kept
