"""What the ITSP may say of boxes for a whole company."""

import pytest

from centrex.models import FeatureSetting
from centrex.operations.place_features import save_place_feature
from centrex.queries.boxes import room_of
from selfcare.errors import Refused
from tests.factories import LineFactory

pytestmark = pytest.mark.django_db


def say(dora, customer, name, **values):
    return save_place_feature(user=dora, row=FeatureSetting(customer=customer, name=name, values=values))


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("voicemail", {"greeting": "personal"}, "greeting is one of: standard"),
        ("voicemail", {"email_option": "all"}, "email_option is one of: none, notify, copy, forward"),
        ("voicemail", {"file_format": "au"}, "file_format is one of: wav, mp3"),
        ("voicemail", {"personal": 5}, "recorded for each line"),
        ("voicemail", {"limit_mb": 0}, "between 1 and 1000"),
        ("voicemail", {"limit_mb": 1001}, "between 1 and 1000"),
        ("voicemail", {"pin_hash": "x"}, "A PIN is set for each line"),
        ("fax", {"action": "burn"}, "action is one of: notify, copy, forward"),
        ("fax", {"file_format": "png"}, "file_format is one of: pdf, tiff"),
    ],
)
def test_what_makes_no_sense_for_a_company(dora, easycall, name, values, said):
    with pytest.raises(Refused, match=said):
        say(dora, easycall, name, **values)


def test_a_larger_box(dora, easycall):
    say(dora, easycall, "voicemail", limit_mb=50, file_format="mp3")
    say(dora, easycall, "fax", action="notify")
    assert room_of(LineFactory(customer=easycall)).megabytes == 50
