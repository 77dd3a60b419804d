# SPDX-License-Identifier: Apache-2.0
"""What the checks of TLS share: our side of a connection, and what must be so of it."""

import contextlib
import hashlib
import random

from peers import tls_pki
from peers.baresspi_peer import is_built_with
from peers.pair import CheckFailed
from peers.tls_driver import TlsDriver
from peers.tls_wire import TlsFailed, Wire, listen

HOST = tls_pki.HOST
ANCHORS = ("root", "root-rsa", "root-p384")
VERSIONS = ("1.2", "1.3")
# SP_PROT_*, by version and side.
PROTOCOL = {
    ("1.2", "client"): 0x800,
    ("1.2", "server"): 0x400,
    ("1.3", "client"): 0x2000,
    ("1.3", "server"): 0x1000,
}
NUMBER = {"1.2": 0x0303, "1.3": 0x0304}
RESUMED = {True: "yes", False: "no"}


def can_check(ours, few=False):
    """Whether there is a baresspi-tls to check: in builds with TLS in them. For time's sake one emulated board has
    its share of the checks, and others a few."""
    if not ours.is_baresspi or not (few or ours.target in ("host", "mps2-an385")):
        return False
    return all(
        is_built_with(f"BARESSPI_SCHANNEL_{half}", ours.target, ours.preset) for half in ("CLIENT", "SERVER")
    )


class OurSide:
    """baresspi-tls with one credential, and what it needs closed in the end."""

    def __init__(self, ours, role, *names, roots=ANCHORS, **words):
        self.role = role
        self.port = None
        with contextlib.ExitStack() as stack:
            self.driver = stack.enter_context(TlsDriver(ours.target, ours.preset))
            self.credential = self.driver.credential(role, *names, roots=roots, **words)
            if role == "server":
                self._listener, self.port = listen()
                stack.callback(self._listener.close)
            self._stack = stack.pop_all()

    def wire(self, connection, number=0, credential=None, chop=None, wants_credential=None, **words):
        """A context at the end of this connection. A client's target is the servers' name."""
        if self.role == "client":
            words.setdefault("target", HOST)
        credential = self.credential if credential is None else credential
        channel = self.driver.open(number, credential, **words)
        self._stack.callback(connection.close)
        return Wire(channel, connection, self.role == "client", chop, wants_credential)

    def accept(self, number=0, **more):
        """A context for the next client that connects."""
        connection, _ = self._listener.accept()
        return self.wire(connection, number, **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()


def must(condition, what):
    if not condition:
        raise CheckFailed(what if isinstance(what, str) else repr(what))


def must_be(wire, version, resumed=False):
    """The queries say of the connection what it is."""
    role = "client" if wire.is_client else "server"
    connection, cipher = wire.channel.tells("connection"), wire.channel.tells("cipher")
    must(connection.count("protocol") == PROTOCOL[version, role], f"protocol {connection['protocol']}")
    must(cipher.count("version") == NUMBER[version], f"version {cipher['version']}")
    said = wire.channel.tells("session")["resumed"]
    must(said == RESUMED[resumed], f"SESSION_INFO says resumed={said}")
    return cipher["name"]


def must_fail(run, *statuses):
    """run() ends with one of these statuses of ours. Returns it."""
    try:
        run()
    except TlsFailed as failed:
        if failed.status not in statuses:
            raise CheckFailed(f"{failed}, not {' or '.join(statuses)}") from failed
        return failed.status
    raise CheckFailed("it went well")


def must_hear_alert(peer, *numbers):
    """What the programs print of an alert that they received."""
    words = []
    for number in numbers:
        words += [b"SSL alert number %d" % number, b"Received alert [%d]" % number]
    peer.wait_for(*words)
    return f"alert {' or '.join(str(number) for number in numbers)}"


def must_exchange(wire, peer, echoes=False, number=1):
    """A line each way, the peer being a program. number: of the connection, so that no line is taken for
    another's."""
    line = b"line %d of BareSSPI's\n" % number
    wire.send(line)
    if echoes:
        must(wire.receive_until(b"\n") == line, "another line came back")
        return
    peer.wait_for(line)
    line = b"line %d of the peer's\n" % number
    peer.tell(line)
    got = wire.receive_until(b"\n")
    must(got == line, f"{got[:80]!r} came")


def must_end(wire, peer, openssl):
    """Our close_notify, and the peer's."""
    wire.shutdown()
    rest = wire.receive_all()
    must(not rest, f"{rest[:80]!r} after our close_notify")
    wire.close()
    if openssl:
        peer.wait_for(b"DONE", b"closed")
        must(b"unexpected eof" not in peer.said, peer.last_words())


def octets(size, seed=1):
    """As many as that, the same every time, in which no record is like another."""
    return random.Random(seed).randbytes(size)


def digest(data):
    return f"{len(data)}:{hashlib.sha256(data).hexdigest()}"


def must_be_same(got, sent, whose):
    must(digest(got) == digest(sent), f"{whose}: {digest(got)} instead of {digest(sent)}")
