# SPDX-License-Identifier: Apache-2.0
"""Servers that mean no good, with no real server behind them. Each serves every client that comes by one function, in a
thread of its own, until the client ends it or the octets are out."""

import base64
import contextlib
import random
import socket
import threading
import time

GARBAGE_OCTETS = 100 << 20
ONE_SEND = 1 << 16
SECONDS = 30.0
PACE = 0.05  # between 64 KiB of what a client may print


class HostileServer:
    """serve(connection) is called for each client."""

    def __init__(self, serve):
        self._serve_one = serve
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self._listener.getsockname()[1]
        self._open = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(SECONDS)
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        with contextlib.suppress(OSError):
            self._serve_one(connection)
            connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5.0)
        for each in (self._listener, *self._open):
            each.close()


def _until_closed(connection):
    while connection.recv(ONE_SEND):
        pass


def _head(connection):
    """A request's head."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        more = connection.recv(4096)
        if not more:
            raise ConnectionError
        octets += more
    return octets


def for_ever(connection, octets, pause=0.0):
    """The same again and again, until the client goes away."""
    piece = octets * max(1, ONE_SEND // len(octets))
    while True:
        connection.sendall(piece)
        time.sleep(pause)


# ---- Of any protocol ----


def silent(connection):
    _until_closed(connection)


def gone(connection):
    """Ends at once."""


def flood(connection):
    """100 MB of random octets, without being asked."""
    chance = random.Random(1)
    for _ in range(GARBAGE_OCTETS // ONE_SEND):
        connection.sendall(chance.randbytes(ONE_SEND))


def zeros(connection):
    for_ever(connection, bytes(4096))


# ---- HTTP ----


def endless_field(connection):
    _head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for_ever(connection, b"y")


def endless_fields(connection):
    _head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for_ever(connection, b"X: y\r\n")


def endless_continue(connection):
    _head(connection)
    for_ever(connection, b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_hints(connection):
    _head(connection)
    for_ever(connection, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def endless_content(connection):
    """That never ends, after a refusal: nobody wants to see it."""
    _head(connection)
    connection.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\n\r\n")
    for_ever(connection, b"content ", PACE)


def endless_chunks(connection):
    _head(connection)
    connection.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nTransfer-Encoding: chunked\r\n\r\n")
    for_ever(connection, b"1\r\nx\r\n", PACE)


def endless_extension(connection):
    """Of one chunk."""
    _head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    for_ever(connection, b"x")


def challenge_message(chance):
    """An NTLM CHALLENGE ([MS-NLMP] 2.2.1.2) that a client can answer: Unicode, NTLM, extended session security, target
    information, 128 bits, key exchange."""
    name = "EXAMPLE".encode("utf-16-le")
    pair = lambda kind, value: kind.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value  # noqa: E731
    information = pair(2, name) + pair(1, "SERVER".encode("utf-16-le")) + pair(0, b"")
    flags = 0x00000001 | 0x00000004 | 0x00000200 | 0x00010000 | 0x00080000 | 0x00800000 | 0x20000000 | 0x40000000
    flags |= 0x00008000 | 0x00000010 | 0x00000020
    at = 48
    field = lambda value, offset: (len(value).to_bytes(2, "little") * 2 + offset.to_bytes(4, "little"))  # noqa: E731
    return (
        b"NTLMSSP\0\x02\0\0\0"
        + field(name, at)
        + flags.to_bytes(4, "little")
        + chance.randbytes(8)
        + bytes(8)
        + field(information, at + len(name))
        + name
        + information
    )


def endless_challenges(connection):
    """401 with a new challenge, whatever is answered."""
    chance = random.Random(2)
    while True:
        _head(connection)
        token = base64.b64encode(challenge_message(chance))
        connection.sendall(b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM " + token + b"\r\nContent-Length: 0\r\n\r\n")


def endless_offers(connection):
    """401 with no challenge, whatever is asked."""
    while True:
        _head(connection)
        connection.sendall(
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
        )


# ---- LDAP (RFC 4511 4.1.1) ----


def _ber(tag, *contents):
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def _ldap_message(identifier, operation):
    return _ber(0x30, _ber(2, identifier.to_bytes(4, "big")), operation)


def _request(connection):
    """The messageID of the next request, which is taken to come in one piece."""
    octets = connection.recv(ONE_SEND)
    if not octets:
        raise ConnectionError
    at = 2 + (octets[1] & 0x7F if octets[1] & 0x80 else 0)
    return int.from_bytes(octets[at + 2 : at + 2 + octets[at + 1]], "big")


def endless_rounds(connection):
    """saslBindInProgress (14) with a new challenge, whatever comes."""
    chance = random.Random(3)
    while True:
        identifier = _request(connection)
        result = _ber(0x0A, b"\x0e"), _ber(4), _ber(4), _ber(0x87, challenge_message(chance))
        connection.sendall(_ldap_message(identifier, _ber(0x61, *result)))


def endless_notices(connection):
    """Unsolicited messages (messageID 0), which are none of the answers waited for."""
    _request(connection)
    for_ever(connection, _ldap_message(0, _ber(0x78, _ber(0x0A, b"\0"), _ber(4), _ber(4))))


def endless_entries(connection):
    """Of a search that was never asked for."""
    identifier = _request(connection)
    for_ever(connection, _ldap_message(identifier, _ber(0x64, _ber(4, b"cn=x"), _ber(0x30))))


def endless_message(connection):
    """Two thousand million octets are announced, and come."""
    _request(connection)
    connection.sendall(b"\x30\x84\x7f\xff\xff\xff\x02\x01\x01\x61")
    for_ever(connection, b"\x04\x01x")


def length_that_wraps(connection):
    _request(connection)
    connection.sendall(b"\x30\x84\xff\xff\xff\xff\x02\x84\xff\xff\xff\xf8\x61")
    _until_closed(connection)


# ---- TLS (RFC 8446 5.1): a record is type, version, length ----


def record(kind, content):
    return bytes([kind]) + b"\x03\x03" + len(content).to_bytes(2, "big") + content


def _after_hello(kind, content):
    def serve(connection):
        connection.recv(ONE_SEND)
        for_ever(connection, record(kind, content))

    return serve


empty_handshakes = _after_hello(22, b"")
empty_data = _after_hello(23, b"")
empty_alerts = _after_hello(21, b"")
endless_warnings = _after_hello(21, b"\x01\x5a")  # user_canceled
endless_cipher_changes = _after_hello(20, b"\x01")  # which TLS 1.3 passes over (RFC 8446 D.4)
endless_hello_requests = _after_hello(22, b"\0\0\0\0")


def endless_handshake_message(connection):
    """A Certificate of 16 MB, record by record."""
    connection.recv(ONE_SEND)
    connection.sendall(record(22, b"\x0b\xff\xff\xff"))
    for_ever(connection, record(22, bytes(16384)))


def long_records(connection):
    """Longer than any may be."""
    connection.recv(ONE_SEND)
    for_ever(connection, b"\x16\x03\x03\xff\xff" + bytes(65535))


def _server_hello(content):
    return record(22, b"\x02" + len(content).to_bytes(3, "big") + content)


def random_hello(connection):
    connection.recv(ONE_SEND)
    connection.sendall(_server_hello(random.Random(4).randbytes(100)))
    _until_closed(connection)


def half_hello(connection):
    """The rest would be longer than it says."""
    connection.recv(ONE_SEND)
    connection.sendall(_server_hello(b"\x03\x03" + bytes(32) + b"\x20" + bytes(5)))
    _until_closed(connection)


def endless_retries(connection):
    """HelloRetryRequest (RFC 8446 4.1.3), again and again, for a group that the client may have."""
    magic = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    extensions = b"\0\x2b\0\x02\x03\x04" + b"\0\x33\0\x02\0\x17"
    hello = b"\x03\x03" + magic + b"\0" + b"\x13\x01" + b"\0" + len(extensions).to_bytes(2, "big") + extensions
    while connection.recv(ONE_SEND):
        connection.sendall(_server_hello(hello))


def alert_at_once(connection):
    connection.recv(ONE_SEND)
    connection.sendall(record(21, b"\x02\x28"))  # handshake_failure
    _until_closed(connection)


ANY = (silent, gone, flood, zeros)
HTTP = (
    endless_field,
    endless_fields,
    endless_continue,
    endless_hints,
    endless_content,
    endless_chunks,
    endless_extension,
    endless_challenges,
    endless_offers,
)
LDAP = (endless_rounds, endless_notices, endless_entries, endless_message, length_that_wraps)
TLS = (
    empty_handshakes,
    empty_data,
    empty_alerts,
    endless_warnings,
    endless_cipher_changes,
    endless_hello_requests,
    endless_handshake_message,
    long_records,
    random_hello,
    half_hello,
    endless_retries,
    alert_at_once,
)
NAMES = {
    serve: name.replace("_", " ")
    for name, serve in list(globals().items())
    if serve in (*ANY, *HTTP, *LDAP, *TLS) and not name.isupper()
}
