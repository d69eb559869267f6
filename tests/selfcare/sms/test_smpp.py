"""Text messages to an SMS centre: over a real connection, to a centre that reads the bytes by the standard itself."""

import logging
import socket
from contextlib import closing
from datetime import UTC, datetime

import pytest

from selfcare import sms
from selfcare.models import OutgoingSms
from selfcare.sms.smpp import LOGGER, BySmpp
from selfcare.sms.ways import NotTaken, Unsure
from selfcare.sms_provider import Provider
from tests import smpp
from tests.factories import OutgoingSmsFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
THROTTLED = 0x58


@pytest.fixture
def centre():
    with smpp.running() as running:
        yield running


def provider(centre, *, login="selfcare:s3cret", sender="Northwind") -> Provider:
    url = f"smpp://{login}@127.0.0.1:{centre.port}"
    return Provider(url=url, sender=sender, countries=("US",))


def send(centre, *rows, **more):
    with BySmpp(provider(centre, **more)) as way:
        for row in rows or [OutgoingSmsFactory()]:
            way.send(row)


def test_a_message_arrives(centre):
    send(centre)
    assert centre.binds == [("selfcare", "s3cret")]
    (got,) = centre.submitted
    assert (got.source, got.source_ton, got.destination, got.destination_ton) == ("Northwind", 5, "12125550199", 1)
    assert (got.text, got.coding, got.esm_class) == (b"Hello", 0, 0)
    assert centre.unbinds == 1


def test_a_number_as_sender_is_an_international_one(centre):
    send(centre, sender="12065550100")
    assert (centre.submitted[0].source, centre.submitted[0].source_ton) == ("12065550100", 1)


def test_other_alphabets(centre):
    send(centre, OutgoingSmsFactory(body="Лимит исчерпан"))
    assert centre.submitted[0].coding == 8
    assert centre.submitted[0].text.decode("utf-16-be") == "Лимит исчерпан"


def test_a_long_message_is_put_together_by_the_phone(centre):
    text = "You have spent 80 % of what you want to spend in a day. " * 7
    send(centre, OutgoingSmsFactory(body=text[:400]))
    heads = [part.text[:6] for part in centre.submitted]
    assert [head[:3] for head in heads] == [b"\x05\x00\x03"] * 3
    assert [(head[4], head[5]) for head in heads] == [(3, 1), (3, 2), (3, 3)]
    assert len({head[3] for head in heads}) == 1
    assert b"".join(part.text[6:] for part in centre.submitted).decode() == text[:400]
    assert {part.esm_class for part in centre.submitted} == {0x40}


def test_a_round_goes_over_one_connection(centre):
    send(centre, *OutgoingSmsFactory.create_batch(3))
    assert (len(centre.binds), len(centre.submitted), centre.unbinds) == (1, 3, 1)


def test_it_is_told_that_we_are_still_there(centre):
    centre.asks_first = True
    send(centre)
    assert (centre.asked_back, len(centre.submitted)) == (1, 1)


def test_a_refusal_is_tried_again_later(centre):
    centre.statuses = [THROTTLED]
    with pytest.raises(NotTaken, match="0x58"):
        send(centre)


def test_a_refusal_in_the_middle_is_not_tried_again(centre):
    centre.statuses = [0, THROTTLED]
    with pytest.raises(Unsure):
        send(centre, OutgoingSmsFactory(body="x" * 400))


def test_a_wrong_password_names_no_password(centre):
    with pytest.raises(NotTaken) as raised:
        send(centre, login="selfcare:wr0ng")
    assert "0xe" in str(raised.value)
    assert "wr0ng" not in str(raised.value)
    assert not centre.submitted


def test_a_centre_that_hangs_up_may_have_it(centre):
    centre.silent = True
    with pytest.raises(Unsure):
        send(centre)
    assert len(centre.submitted) == 1


def test_a_centre_that_does_not_listen_has_nothing():
    with closing(socket.create_server(("127.0.0.1", 0))) as place:
        port = place.getsockname()[1]
    with BySmpp(Provider(url=f"smpp://a:s3cret@127.0.0.1:{port}")) as way, pytest.raises(NotTaken):
        way.send(OutgoingSmsFactory())


def test_after_a_lost_connection_the_next_message_has_a_new_one(centre, settings):
    settings.SMS = provider(centre)
    OutgoingSmsFactory.create_batch(2)
    centre.silent = True
    assert sms.send_due(now=NOW, limit=1) == 0
    centre.silent = False
    assert sms.send_due(now=NOW, limit=5) == 1
    assert list(OutgoingSms.objects.order_by("id").values_list("state", flat=True)) == ["unsure", "sent"]
    assert len(centre.submitted) == 2


def test_no_log_has_the_text_or_the_password(centre, caplog):
    with caplog.at_level(logging.DEBUG, logger="smpplib"):
        logging.getLogger().setLevel(logging.DEBUG)
        send(centre, OutgoingSmsFactory(body="https://x.example/secret"))
    written = caplog.text
    for secret in ("secret", b"secret".hex(), "s3cret", b"s3cret".hex()):
        assert secret not in written
    assert logging.getLogger(LOGGER).level == logging.WARNING
