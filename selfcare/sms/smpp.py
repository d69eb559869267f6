"""Text messages to an SMS centre by SMPP 3.4, as a transmitter."""

from __future__ import annotations

import logging
import socket
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from smpplib import consts, exceptions, gsm
from smpplib.client import Client

from selfcare.models import OutgoingSms
from selfcare.sms.ways import TIMEOUT, NotTaken, Unsure
from selfcare.sms_provider import Provider

LOGGER = "selfcare.sms.smpp"
# Below this the library writes down each message in full, and the password with the first.
logging.getLogger(LOGGER).setLevel(logging.WARNING)
ALPHANUMERIC = {"source_addr_ton": consts.SMPP_TON_ALNUM, "source_addr_npi": consts.SMPP_NPI_UNK}
A_NUMBER = {"source_addr_ton": consts.SMPP_TON_INTL, "source_addr_npi": consts.SMPP_NPI_ISDN}
TO = {"dest_addr_ton": consts.SMPP_TON_INTL, "dest_addr_npi": consts.SMPP_NPI_ISDN}


class Connection(Client):  # type: ignore[misc]  # the library has no types
    """The library's client over a connection that also knows IPv6 and checks the name in a certificate."""

    def __init__(self, provider: Provider) -> None:
        host, port = provider.host_and_port
        super().__init__(host, port, timeout=TIMEOUT, logger_name=LOGGER, allow_unknown_opt_params=True)
        self.is_encrypted = provider.address.scheme == "smpps"
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), timeout=self.timeout)
        if self.is_encrypted:
            try:
                self._socket = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
            except OSError:
                plain.close()
                raise
        else:
            self._socket = plain
        self.state = consts.SMPP_CLIENT_STATE_OPEN

    def answer_to(self, sequence: int) -> Any:
        """What the centre says to the request of this number; meanwhile it is told that we are still there."""
        while True:
            pdu = self.read_pdu()
            if pdu.command == "enquire_link":
                self._enquire_link_received(pdu)
            elif pdu.command == "unbind":
                raise exceptions.ConnectionError("the centre hangs up")
            elif pdu.sequence == sequence:
                return pdu

    def drop(self) -> None:
        """Close the connection without a word."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self.state = consts.SMPP_CLIENT_STATE_CLOSED


class BySmpp:
    """One connection for a round of messages, opened with the first of them."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection is None:
            return
        with suppress(exceptions.ConnectionError, exceptions.PDUError, OSError):  # every answer that counts has come
            self.connection.unbind()
        self._hang_up()

    def send(self, message: OutgoingSms) -> None:
        connection = self._bound()
        parts, coding, esm_class = gsm.make_parts(message.body)
        for number, part in enumerate(parts):
            status = self._submitted(connection, message, part, coding, esm_class)
            if status == consts.SMPP_ESME_ROK:
                continue
            # The first part of a message that lacks the rest has been read, maybe.
            raise (Unsure if number else NotTaken)(f"SMPP {status:#x}")

    def _submitted(self, connection: Connection, message: OutgoingSms, part: bytes, coding: int, esm: int) -> int:
        """The centre's answer to one part."""
        try:
            sent = connection.send_message(
                source_addr=self.provider.sender,
                destination_addr=message.to.as_e164.removeprefix("+"),
                short_message=part,
                data_coding=coding,
                esm_class=esm,
                **(A_NUMBER if self.provider.sender.isdigit() else ALPHANUMERIC),
                **TO,
            )
            return int(connection.answer_to(sent.sequence).status)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            self._hang_up()
            raise Unsure(type(error).__name__) from error

    def _bound(self) -> Connection:
        """The connection of this round, signed in."""
        if self.connection is not None:
            return self.connection
        name, password = self.provider.login
        self.connection = Connection(self.provider)
        try:
            self.connection.connect()
            self.connection.bind_transmitter(system_id=name, password=password)
        except exceptions.PDUError as error:
            self._hang_up()
            raise NotTaken(f"SMPP bind {error.args[-1]:#x}") from error
        except (exceptions.ConnectionError, OSError) as error:
            self._hang_up()
            raise NotTaken(type(error).__name__) from error
        return self.connection

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.drop()
            self.connection = None
