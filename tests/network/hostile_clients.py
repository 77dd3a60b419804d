# SPDX-License-Identifier: Apache-2.0
"""Clients that mean no good: each does to a connection what it does until the server ends it, which raises
ConnectionError or lets it come back; a server that bears it raises TimeoutError in the end."""

import contextlib
import time

from .hostile import ONE_SEND, for_ever, record, flood, zeros

GET = b"GET / HTTP/1.1\r\nHost: device.example.test\r\n"


def silent(connection):
    with contextlib.suppress(ConnectionError):
        while connection.recv(ONE_SEND):
            pass


def _slowly(connection, octets):
    """An octet each 50 ms, for ever."""
    while True:
        connection.sendall(octets)
        time.sleep(0.05)


def endless_head(connection):
    connection.sendall(GET)
    _slowly(connection, b"X")


def endless_fields(connection):
    connection.sendall(GET)
    for_ever(connection, b"X: y\r\n")


def endless_body(connection):
    connection.sendall(GET.replace(b"GET", b"POST") + b"Content-Length: 4294967295\r\n\r\n")
    for_ever(connection, b"content ")


def _tls(kind, content):
    return lambda connection: for_ever(connection, record(kind, content))


empty_handshakes = _tls(22, b"")
empty_data = _tls(23, b"")
endless_warnings = _tls(21, b"\x01\x5a")  # user_canceled
endless_cipher_changes = _tls(20, b"\x01")
endless_hello_requests = _tls(22, b"\0\0\0\0")


def long_hello(connection):
    """A ClientHello of 16 MB, record by record."""
    connection.sendall(record(22, b"\x01\xff\xff\xff\x03\x03"))
    for_ever(connection, record(22, bytes(16384)))


def slow_hello(connection):
    """Octet by octet, without end."""
    connection.sendall(b"\x16\x03\x01\x3f\xff\x01\x00\x3f\xf0\x03\x03")
    _slowly(connection, b"\0")


def plain_http(connection):
    """Where TLS is spoken."""
    connection.sendall(GET + b"\r\n")
    silent(connection)


HTTP = (silent, flood, zeros, endless_head, endless_fields, endless_body)
TLS = (
    silent,
    flood,
    zeros,
    empty_handshakes,
    empty_data,
    endless_warnings,
    endless_cipher_changes,
    endless_hello_requests,
    long_hello,
    slow_hello,
    plain_http,
)
NAMES = {
    act: name.replace("_", " ") for name, act in list(globals().items()) if act in (*HTTP, *TLS) and not name.isupper()
}
