# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: what is resumed, and what must not be. SESSION_INFO says so, and the
peer says so."""

import tempfile
import time

from peers.tls_program import GnutlsClient, GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .tls_common import OurSide, can_check, must, must_be, must_end, must_exchange

# (version, how the session is kept, what tells openssl)
KINDS = (("1.2", "id", ["-no_ticket"]), ("1.2", "ticket", []), ("1.3", "ticket", []))


def _connect(we, peer, number, version, resumed, openssl=True, tickets=True, **more):
    """One connection and its orderly end. tickets: whether we want any."""
    wire = we.wire(peer.connect(), number % 2, **more)
    wire.handshake()
    must_be(wire, version, resumed)
    must_exchange(wire, peer, echoes=not openssl, number=number)
    if openssl and version == "1.3" and tickets:
        must(wire.tickets > 0, "no SEC_I_RENEGOTIATE: the tickets did not come")
    must_end(wire, peer, openssl=False)
    wire.channel.end()
    return wire


def _client(ours, version, options):
    with OurSide(ours, "client") as we, OpensslServer(version=version, options=options) as peer:
        for number in range(3):
            _connect(we, peer, number, version, resumed=number > 0)
        peer.wait_until(lambda said: said.count(b"Reused session-id") >= 2, "that it resumed two sessions")
        said = peer.said.count(b"Reused session-id")
        must(said == 2, f"the server resumed {said} sessions, not 2")


def _client_gnutls(ours, version):
    with OurSide(ours, "client") as we, GnutlsServer(version=version) as peer:
        for number in range(2):
            _connect(we, peer, number, version, resumed=number > 0, openssl=False)
        peer.wait_for(b"resumed session")


def _client_does_not(ours, version, what):
    """The second connection is one that must not use the first one's session."""
    words = (
        {"lifespan": 1000} if what == "expired" else {"flags": "no-reconnects"} if what == "disabled" else {}
    )
    with OurSide(ours, "client", **words) as we, OpensslServer(version=version) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer, number=1)
        if what == "switched off":
            must(wire.channel.session(False).status == "SEC_E_OK", "SCHANNEL_SESSION_TOKEN")
        must_end(wire, peer, openssl=False)
        wire.channel.end()
        more = {"target": "localhost"} if what == "another target" else {"tickets": what != "disabled"}
        if what == "another credential":
            more["credential"] = we.driver.credential("client", roots=("root",))
        if what == "expired":
            time.sleep(1.5)
        if what == "broken":
            _break(we, peer, version)
        _connect(we, peer, 2, version, resumed=False, **more)
        must(b"Reused session-id" not in peer.said or what == "broken", peer.last_words())


def _break(we, peer, version):
    """A second connection, which uses the session and then breaks: a record that was altered."""
    wire = we.wire(peer.connect(), 1)
    wire.handshake()
    must_be(wire, version, resumed=True)
    answer = wire.channel.unseal(b"\x17\x03\x03\x00\x20" + bytes(32))
    must(answer.status == "SEC_E_MESSAGE_ALTERED", f"an altered record: {answer.status}")
    wire.close()
    wire.channel.end()


def _server(ours, version, options):
    with OurSide(ours, "server", "server") as we, tempfile.NamedTemporaryFile(prefix="session.") as kept:
        for number in range(3):
            session = ["-sess_out", kept.name, *(["-sess_in", kept.name] if number else [])]
            with OpensslClient(we.port, version, options=[*options, *session]) as peer:
                wire = we.accept(number % 2, flags="stream,extended,tickets")
                wire.handshake()
                must_be(wire, version, resumed=number > 0)
                must_exchange(wire, peer, number=number)
                peer.wait_for(b"Reused, TLS" if number else b"New, TLS")
                peer.tell(b"Q\n")
                must(wire.receive_all() == b"", "data at the end")
                wire.close()
                wire.channel.end()


def _server_gnutls(ours, version):
    """gnutls-cli connects twice."""
    with OurSide(ours, "server", "server") as we, GnutlsClient(
        we.port, version, options=["--resume"]
    ) as peer:
        wire = we.accept(0, flags="stream,extended,tickets")
        wire.handshake()
        must_be(wire, version)
        must(wire.receive_all() == b"", "data at the end of the first connection")
        wire.close()
        wire = we.accept(1, flags="stream,extended,tickets")
        wire.handshake()
        must_be(wire, version, resumed=True)
        must_exchange(wire, peer)
        peer.wait_for(b"resumed session")


def _server_of_another_credential(ours, version):
    """A session of one credential is none of another's."""
    with OurSide(ours, "server", "server") as we, tempfile.NamedTemporaryFile(prefix="session.") as kept:
        other = we.driver.credential("server", "server")
        for number, credential in enumerate((we.credential, other)):
            session = ["-sess_in", kept.name] if number else ["-sess_out", kept.name]
            with OpensslClient(we.port, version, options=session) as peer:
                wire = we.accept(number, credential=credential, flags="stream,extended,tickets")
                wire.handshake()
                must_be(wire, version, resumed=False)
                must_exchange(wire, peer, number=number)


def checks(ours):
    if not can_check(ours):
        return

    def check(name, run, *arguments):
        return Check(f"tls sessions, {name}", lambda: run(ours, *arguments))

    for version, how, options in KINDS:
        yield check(f"client to openssl {version}: resumed by {how}", _client, version, options)
        yield check(f"server from openssl {version}: resumed by {how}", _server, version, options)
    # Its first key share is of a group that we do not have, so it shows its ticket twice.
    retried = ["-groups", "ffdhe2048:P-256"]
    yield check("server from openssl 1.3: resumed after HelloRetryRequest", _server, "1.3", retried)
    for version in ("1.2", "1.3") if ours.on_host else ():
        yield check(f"client to gnutls {version}: resumed", _client_gnutls, version)
        yield check(f"server from gnutls {version}: resumed", _server_gnutls, version)
        for what in ("another target", "another credential", "switched off", "disabled", "expired", "broken"):
            yield check(f"client to openssl {version}: not resumed, {what}", _client_does_not, version, what)
        yield check(
            f"server from openssl {version}: not resumed, another credential",
            _server_of_another_credential,
            version,
        )
