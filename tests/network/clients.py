# SPDX-License-Identifier: Apache-2.0
"""The device's logins as a client, and the servers that let it in."""

import atexit
import functools

from peers import tls_pki
from peers.apache import Apache
from peers.samba_dc import SambaDc

from . import hostile
from .bridge import Bridge
from .relay import at
from .subject import run

DEVICE_ACCOUNT = ("--user", "DEV1$", "--domain", "EXAMPLE", "--password", "Dev1+Passw0rd")
# What a login does not change.
ATTRIBUTES = ("--attribute", "distinguishedName", "--attribute", "userAccountControl", "--attribute", "objectSid")
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

    def run(self, device, port, seconds=None):
        """The command, for a server (or relay) at that port of this machine, with its --timeout or another one."""
        seconds = seconds or self.seconds
        return run(device, (*self.words(device, port), "--timeout", seconds), seconds)

    def words(self, device, port):
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
        return ("get", f"http://{device.host}:{port}/ntlm/", *ACCOUNT)


class Https(Login):
    name = "get by https"
    hostile = (*hostile.ANY, *hostile.TLS)

    def server(self):
        return _ApacheServer(True)

    def words(self, device, port):
        where = (f"https://{tls_pki.HOST}/ntlm/", "--connect", f"{device.host}:{port}", "--trust", tls_pki.ROOTS)
        return ("get", *where, *ACCOUNT)


@functools.cache
def _directory():
    """One domain controller for all, until the end."""
    made = SambaDc()
    atexit.register(made.close)
    return made


class Ldap(Login):
    """A sealed search of the device's own account, at Samba's directory."""

    name = "search by ldap"
    hostile = (*hostile.ANY, *hostile.LDAP)
    _port = 389

    def server(self):
        return Bridge(_directory(), self._port)

    def words(self, device, port):
        where = (f"ldap://{_directory().host}", "--connect", f"{device.host}:{port}")
        return ("search", *where, *DEVICE_ACCOUNT, *ATTRIBUTES)


class Ldaps(Ldap):
    name = "search by ldaps"
    hostile = (*hostile.ANY, *hostile.TLS)
    _port = 636

    def words(self, device, port):
        where = (f"ldaps://{_directory().host}", "--connect", f"{device.host}:{port}", "--trust", _directory().trust)
        return ("search", *where, *DEVICE_ACCOUNT, *ATTRIBUTES)
