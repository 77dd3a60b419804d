# SPDX-License-Identifier: Apache-2.0
"""The device's logins as a client, and the servers that let it in."""

import contextlib
import socket

from peers import tls_pki
from peers.apache import Apache
from peers.samba_dc import SambaDc

from . import hostile
from .bridge import Bridge
from .relay import at

WORKERS = 10  # of Apache: stalled connections take one each
ACCOUNT = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")


def _port_of(url):
    return int(url.rpartition(":")[2].strip("/"))


class Login:
    """name, is_protected (TLS, or sealed), seconds: its --timeout, hostile: the servers to set against it. server(): a
    context with connect()."""

    hostile = ()
    is_protected = True

    def __init__(self, seconds):
        self.seconds = seconds

    def words(self, device, port):
        """The command, for a server (or relay) at that port of this machine."""
        raise NotImplementedError

    def content(self, done):
        """Of what the command printed, what the server sent."""
        return done.text


class _ApacheServer:
    def __init__(self, secure):
        self._apache = Apache(workers=WORKERS)
        self.port = _port_of(self._apache.secure_url if secure else self._apache.url)
        self.connect = at(self.port)

    def close(self):
        self._apache.close()


class Http(Login):
    name = "get by http"
    hostile = (*hostile.ANY, *hostile.HTTP)
    is_protected = False

    def server(self):
        return _ApacheServer(False)

    def words(self, device, port):
        return ("get", f"http://{device.host}:{port}/ntlm/", *ACCOUNT, "--timeout", self.seconds)


class Https(Login):
    name = "get by https"
    hostile = (*hostile.ANY, *hostile.TLS)

    def server(self):
        return _ApacheServer(True)

    def words(self, device, port):
        where = (f"https://{tls_pki.HOST}/ntlm/", "--connect", f"{device.host}:{port}", "--trust", tls_pki.ROOTS)
        return ("get", *where, *ACCOUNT, "--timeout", self.seconds)
