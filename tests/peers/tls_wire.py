# SPDX-License-Identifier: Apache-2.0
"""A context of ours at one end of a TCP connection: what an application does with Schannel."""

import socket

from . import tls_driver
from .peer import PeerBroken

SECONDS = 20.0
ONE_READ = 32768


class TlsFailed(Exception):
    """A call of ours ended with this status. Whatever token it gave was sent."""

    def __init__(self, answer, during):
        super().__init__(f"{during}: {answer.status}")
        self.status = answer.status
        self.answer = answer


def listen():
    """A socket that listens on this machine alone, and its port."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(SECONDS)
    return server, server.getsockname()[1]


def free_port():
    """A port that nobody had a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Wire:
    """chop: how many octets more a call is given when it wants more; None: all that came. wants_credential:
    called when SEC_I_INCOMPLETE_CREDENTIALS comes; it changes the context, then the call is made again."""

    def __init__(self, channel, connection, is_client, chop=None, wants_credential=None):
        self.channel, self.connection, self.is_client = channel, connection, is_client
        self.unread = b""  # shown to calls, and not consumed
        self.statuses = []  # of all steps
        self.unsealed = set()  # the statuses of DecryptMessage
        self.tickets = 0  # SEC_I_RENEGOTIATE that was fed back
        self.ends = None  # the status that ended what the peer sends: SEC_I_CONTEXT_EXPIRED, or "EOF"
        self._hidden = b""  # received, and not shown yet
        self._chop, self._wants_credential = chop, wants_credential
        self._message_size = None
        connection.settimeout(SECONDS)

    def handshake(self):
        """Returns the last answer."""
        if not self.is_client:
            self._must_show_more("the handshake")
        while True:
            answer = self.channel.step(self.unread)
            self.statuses.append(answer.status)
            self._send(answer.octets("token"))
            if answer.status in (tls_driver.OK, tls_driver.CONTINUE):
                self._keep(answer.count("extra"))
                if answer.status == tls_driver.OK:
                    return answer
                if not self.unread:
                    self._must_show_more("the handshake")
            elif answer.status == tls_driver.INCOMPLETE:
                self._must_show_more("the handshake", answer)
            elif answer.status == tls_driver.WANTS_CREDENTIAL and self._wants_credential is not None:
                self._wants_credential(self.channel)
            else:
                raise TlsFailed(answer, "handshake")

    def send(self, data):
        """Any amount, in as many records as it takes."""
        if self._message_size is None:
            self._message_size = self.channel.tells("stream-sizes").count("message")
        for at in range(0, len(data), self._message_size):
            answer = self.channel.seal(data[at : at + self._message_size])
            if answer.status != tls_driver.OK:
                raise TlsFailed(answer, "EncryptMessage")
            self._send(answer.octets("token"))

    def receive(self):
        """The next message; b"" when the peer has ended: see ends."""
        while self.ends is None:
            if not self.unread and not self._show_more():
                self.ends = "EOF"
                break
            answer = self.channel.unseal(self.unread)
            self.unsealed.add(answer.status)
            if answer.status == tls_driver.INCOMPLETE:
                if not self._show_more(answer):
                    raise PeerBroken(f"the stream ends within a record ({len(self.unread)} octets of it)")
                continue
            if answer.status == tls_driver.RENEGOTIATE:
                self._keep(answer.count("extra"))
                self._feed_back()
                continue
            if answer.status == tls_driver.EXPIRED:
                self._keep(answer.count("extra"))
                self.ends = answer.status
                break
            if answer.status != tls_driver.OK:
                self._last_words()
                raise TlsFailed(answer, "DecryptMessage")
            self._keep(answer.count("extra"))
            data = answer.octets("data")
            if data:
                return data
        return b""

    def receive_exactly(self, size):
        data = bytearray()
        while len(data) < size:
            octets = self.receive()
            if not octets:
                raise PeerBroken(f"{len(data)} of {size} octets, then {self.ends}")
            data += octets
        return bytes(data)

    def receive_until(self, word):
        data = b""
        while word not in data:
            octets = self.receive()
            if not octets:
                raise PeerBroken(f"{data[-80:]!r}, then {self.ends}")
            data += octets
        return data

    def receive_all(self):
        data = bytearray()
        while octets := self.receive():
            data += octets
        return bytes(data)

    def shutdown(self):
        """Our close_notify."""
        for answer in (self.channel.shutdown(), self.channel.step()):
            if answer.status != tls_driver.OK:
                raise TlsFailed(answer, "shutdown")
        token = answer.octets("token")
        if not token:
            raise PeerBroken("the step after SCHANNEL_SHUTDOWN gives no token")
        self._send(token)

    def close(self):
        self.connection.close()

    def _feed_back(self):
        """A message of the handshake behind it: to the handshake's function, until it has what it wants."""
        while True:
            answer = self.channel.step(self.unread)
            self.statuses.append(answer.status)
            self._send(answer.octets("token"))
            if answer.status == tls_driver.INCOMPLETE:
                self._must_show_more("a message behind the handshake", answer)
                continue
            if answer.status != tls_driver.OK:
                raise TlsFailed(answer, "behind the handshake")
            self._keep(answer.count("extra"))
            self.tickets += 1
            return

    def _last_words(self):
        """After a record that was refused: the alert, if the next step has one."""
        answer = self.channel.step()
        self._send(answer.octets("token"))

    def _keep(self, extra):
        self.unread = self.unread[len(self.unread) - extra :] if extra else b""

    def _must_show_more(self, during, answer=None):
        if not self._show_more(answer):
            raise PeerBroken(f"the peer ends the connection during {during}")

    def _show_more(self, answer=None):
        """False: the peer has ended the stream. answer: the INCOMPLETE_MESSAGE that wants more."""
        if answer is not None and answer.count("missing") == 0 and len(self.unread) >= 5:
            raise PeerBroken(
                "SEC_E_INCOMPLETE_MESSAGE does not say how much is missing, though the head is there"
            )
        while not self._hidden:
            try:
                self._hidden = self.connection.recv(ONE_READ)
            except ConnectionResetError:
                return False
            except TimeoutError as error:
                raise PeerBroken("the peer sends nothing") from error
            if not self._hidden:
                return False
        take = self._chop or len(self._hidden)
        self.unread += self._hidden[:take]
        self._hidden = self._hidden[take:]
        return True

    def _send(self, octets):
        if octets:
            try:
                self.connection.sendall(octets)
            except (BrokenPipeError, ConnectionResetError):
                pass  # what the peer has to say of that is still to be read
