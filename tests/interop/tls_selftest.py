# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of tls*.py can fail: our side is given one flaw each, by way of what it is told or of
what it seems to say."""

import contextlib
from unittest import mock

from peers import tls_program
from peers.pair import CheckFailed
from peers.peer import PeerBroken, PeerRefused
from peers.tls_driver import Answer
from peers.tls_wire import TlsFailed

from . import tls, tls_behind, tls_bindings, tls_data, tls_refusals, tls_sessions
from .checks import Check, Ours
from .tls_common import OurSide, can_check

MODULES = (tls, tls_behind, tls_bindings, tls_data, tls_refusals, tls_sessions)
PATIENCE = 1.0  # for what a peer will never say


def _told(**changes):
    """Our side with these words for its credential, whatever else it is told."""

    class Told(OurSide):
        def __init__(self, ours, role, *names, **words):
            super().__init__(ours, role, *names, **{**words, **changes})

    return Told


def _asking(flags):
    """Our side with these flags for its contexts."""

    class Asking(OurSide):
        def wire(self, connection, number=0, **words):
            return super().wire(connection, number, **{**words, "flags": flags})

    return Asking


def _saying(query, name, value):
    """Our side that answers a query with something else in one place."""

    class Saying(OurSide):
        def wire(self, *arguments, **words):
            wire = super().wire(*arguments, **words)
            ask = wire.channel.query

            def answer(asked):
                said = ask(asked)
                if asked != query:
                    return said
                pairs = tuple((key, value if key == name else old) for key, old in said.pairs)
                return Answer(said.word, said.status, said.number, pairs)

            wire.channel.query = answer
            return wire

    return Saying


class LosesAnOctet(OurSide):
    def wire(self, *arguments, **words):
        wire = super().wire(*arguments, **words)
        send = wire.send
        wire.send = lambda data: send(data[:-1] + b"?")
        return wire


class EndsWithoutSaying(OurSide):
    """No close_notify."""

    def wire(self, *arguments, **words):
        wire = super().wire(*arguments, **words)
        wire.shutdown = wire.close
        wire.receive_all = lambda: b""
        return wire


class NeedsAllAtOnce(OurSide):
    """Half a record is an error."""

    def wire(self, *arguments, **words):
        wire = super().wire(*arguments, **words)
        step = wire.channel.step

        def step_or_fail(*octets):
            answer = step(*octets)
            if answer.status == "SEC_E_INCOMPLETE_MESSAGE":
                raise TlsFailed(answer, "handshake")
            return answer

        wire.channel.step = step_or_fail
        return wire


class SkipsTickets(OurSide):
    """What comes behind the handshake is not fed back, but taken for data."""

    def wire(self, *arguments, **words):
        wire = super().wire(*arguments, **words)

        def skip():
            wire.unread = b""

        wire._feed_back = skip
        return wire


TrustsAnybody = _told(flags="manual")
LooksAtNoName = _told(flags="no-name")
LooksAtNoDates = _told(flags="no-dates")
NeverResumes = _told(flags="no-reconnects")
HasOneVersion = _told(protocols="1.2")
Silent = _asking("stream")
AsksForNoCertificate = _asking("stream,extended")
SaysItResumes = _saying("session", "resumed", "yes")
SaysItDoesNotResume = _saying("session", "resumed", "no")
HasOtherBindings = _saying("endpoint", "bindings", b"tls-server-end-point:".hex() + 32 * "11")
ExportsAnotherKey = _saying("keying", "key", 32 * "22")
SaysAnotherVersion = _saying("cipher", "version", "0x00000303")
SaysAnotherCertificate = _saying("remote", "certificate", "MAA=")
SaysAnotherProtocol = _saying("alpn", "protocol", "h2")

# (the flaw, words of the check that must find it)
CASES = (
    ("TrustsAnybody", "tls refusals, client to openssl 1.3: an untrusted root"),
    ("TrustsAnybody", "tls refusals, client to openssl 1.2: another name, an address"),
    ("LooksAtNoName", "tls refusals, client to openssl 1.2: another target"),
    ("LooksAtNoDates", "tls refusals, client to openssl 1.3: an expired certificate"),
    ("HasOneVersion", "tls, client to openssl 1.3: server-rsa"),
    ("Silent", "tls refusals, client to openssl 1.2: an expired certificate"),
    ("Silent", "tls refusals, client to openssl 1.3: another name"),
    (
        "AsksForNoCertificate",
        "tls refusals, server from openssl 1.2: a certificate is required, the client shows none",
    ),
    ("AsksForNoCertificate", "tls, server from openssl 1.3: server and it shows client-rsa"),
    ("NeverResumes", "tls sessions, client to openssl 1.2: resumed by id"),
    ("SaysItResumes", "tls sessions, client to openssl 1.3: not resumed, another target"),
    ("SaysItDoesNotResume", "tls sessions, server from openssl 1.3: resumed by ticket"),
    ("SkipsTickets", "tls behind the handshake, client to openssl 1.3: five tickets"),
    ("HasOtherBindings", "tls bindings, client to openssl 1.2: end point, server-sha512"),
    ("HasOtherBindings", "tls bindings, server from gnutls 1.3: as it prints them"),
    (
        "HasOtherBindings",
        "tls bindings, client to Python 1.3: negotiate within, with gss-ntlmssp, the same bindings",
    ),
    ("ExportsAnotherKey", "tls bindings, server from openssl 1.2: exported, EXPORTER-Channel-Binding"),
    ("SaysAnotherVersion", "tls, server from curl 1.3: server-rsa"),
    ("SaysAnotherCertificate", "tls, client to gnutls 1.2: server-chained"),
    ("SaysAnotherProtocol", "tls, client to openssl 1.3: server-p384"),
    ("LosesAnOctet", "tls data, server from openssl 1.3: 10,000,000 octets each way"),
    ("EndsWithoutSaying", "tls, client to openssl 1.2: server-p384"),
    ("NeedsAllAtOnce", "tls data, client to openssl 1.2: in pieces of 1"),
)


def _named(words, ours):
    found = [check for module in MODULES for check in module.checks(ours) if check.name == words]
    if len(found) != 1:
        raise CheckFailed(f"{len(found)} checks are named so")
    return found[0]


def _must_find(flaw, words, ours):
    check = _named(words, ours)
    with contextlib.ExitStack() as stack:
        for module in MODULES:
            stack.enter_context(mock.patch.object(module, "OurSide", globals()[flaw]))
        stack.enter_context(mock.patch.object(tls_program, "SECONDS", PATIENCE))
        try:
            check.run()
        except (CheckFailed, PeerBroken, PeerRefused, TlsFailed) as error:
            return str(error)[:80]
    raise CheckFailed("the check passed")


def checks():
    """To be run one after another: each puts something else in the place of a name."""
    ours = Ours("host")
    if not can_check(ours):
        return
    for flaw, words in CASES:
        yield Check(
            f"{flaw} is found by: {words}", lambda flaw=flaw, words=words: _must_find(flaw, words, ours)
        )
