# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: what comes behind the handshake. Tickets of TLS 1.3 are fed back; key
updates are refused; renegotiation is declined, and the connection goes on. Several contexts at once."""

from peers.tls_program import GnutlsClient, GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .tls_common import HOST, OurSide, can_check, must, must_be, must_exchange, must_fail


def _tickets(ours):
    """openssl sends as many as it is told, before its first data and all at once."""
    with OurSide(ours, "client") as we, OpensslServer(version="1.3", options=["-num_tickets", "5"]) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer)
        must(wire.tickets == 5, f"{wire.tickets} tickets")
        must_exchange(wire, peer, number=2)


def _tickets_in_pieces(ours):
    with OurSide(ours, "client") as we, OpensslServer(version="1.3", options=["-num_tickets", "2"]) as peer:
        wire = we.wire(peer.connect(), chop=1)
        wire.handshake()
        must_exchange(wire, peer)
        must(wire.tickets == 2, f"{wire.tickets} tickets")


def _key_update(ours, role, letter):
    """openssl's K and k: an update, and one that asks for ours in return."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version="1.3") if role == "client" else OpensslClient(we.port, "1.3")
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            must_exchange(wire, peer)
            peer.tell(letter + b"\n")
            status = must_fail(wire.receive, "SEC_E_ILLEGAL_MESSAGE")
            must(wire.channel.seal(b"x").status == status, "EncryptMessage after that")


def _renegotiation_by_gnutls_serv(ours):
    """gnutls-serv asks for a new handshake and then answers us: both arrive, we say no to the one and take the
    other. gnutls-serv itself ends when it hears of that."""
    with OurSide(ours, "client") as we, GnutlsServer(version="1.2") as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer, echoes=True)
        wire.send(b"**REHANDSHAKE**\n")
        peer.wait_for(b"Sending rehandshake request")
        must(wire.receive_until(b"\n") == b"Successfully executed command\n", "another answer")
        must("SEC_I_RENEGOTIATE" in wire.unsealed, "no SEC_I_RENEGOTIATE")
        peer.wait_for(b"A TLS warning alert has been received")
        wire.send(b"we are still there\n")


def _renegotiation_by_gnutls_cli(ours):
    """gnutls-cli asks again and again, is told no each time, and gives up at last."""
    with OurSide(ours, "server", "server") as we, GnutlsClient(
        we.port, "1.2", options=["--inline-commands", "--inline-commands-prefix=^"]
    ) as peer:
        wire = we.accept()
        wire.handshake()
        must_exchange(wire, peer)
        peer.tell(b"^renegotiate^\n")
        must_fail(wire.receive, "SEC_E_ILLEGAL_MESSAGE")  # its fatal alert in the end
        peer.wait_for(b"ReHandshake has failed")
        told = peer.said.count(b"Received alert [100]")
        must(wire.tickets >= told > 3, f"{wire.tickets} were declined, gnutls-cli heard of {told}")
    return f"{told} times"


def _renegotiation_by_openssl(ours, role):
    """openssl takes a no for the end. That we said no, and nothing worse, is what it prints."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version="1.2") if role == "client" else OpensslClient(we.port, "1.2")
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            must_exchange(wire, peer)
            peer.tell(b"r\n" if role == "client" else b"R\n")
            must_fail(wire.receive, "SEC_E_ILLEGAL_MESSAGE", "SEC_E_ALGORITHM_MISMATCH")
            peer.wait_for(b"no renegotiation")


def _renegotiation_by_us(ours, role):
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version="1.2") if role == "client" else OpensslClient(we.port, "1.2")
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            status = wire.channel.renegotiate().status
            must(status == "SEC_E_UNSUPPORTED_FUNCTION", f"SCHANNEL_RENEGOTIATE: {status}")
            must_exchange(wire, peer)


def _interleaved(ours, version):
    """Three contexts of one program, a step of each in turn."""
    with OurSide(ours, "client") as we, OpensslServer(version=version) as one, OpensslServer(
        "server-rsa", version=version
    ) as two, OpensslServer("server-p384") as three:
        wires = [we.wire(peer.connect(), number) for number, peer in enumerate((one, two, three))]
        steps = [_steps(wire) for wire in wires]
        while steps:
            steps = [step for step in steps if next(step, None) is not None]
        for number in range(2):
            for wire, peer in zip(wires, (one, two, three), strict=True):
                must_exchange(wire, peer, number=number)
        must_be(wires[0], version)
        must_be(wires[1], version)


def _steps(wire):
    """A handshake that stops after every step."""
    while True:
        answer = wire.channel.step(wire.unread)
        wire.connection.sendall(answer.octets("token"))
        must(
            answer.status in ("SEC_E_OK", "SEC_I_CONTINUE_NEEDED", "SEC_E_INCOMPLETE_MESSAGE"), answer.status
        )
        if answer.status != "SEC_E_INCOMPLETE_MESSAGE":
            extra = answer.count("extra")
            wire.unread = wire.unread[len(wire.unread) - extra :] if extra else b""
        if answer.status == "SEC_E_OK":
            return
        if not wire.unread or answer.status == "SEC_E_INCOMPLETE_MESSAGE":
            wire.unread += wire.connection.recv(32768)
        yield True


def _dropped(ours, version):
    """Handshakes that end after their first token leave room for others."""
    with OurSide(ours, "client") as we, OpensslServer(version=version) as peer:
        for _ in range(20):
            channel = we.driver.open(0, we.credential, target=HOST)
            must(channel.step().status == "SEC_I_CONTINUE_NEEDED", "a first step")
            must(channel.end().status == "SEC_E_OK", "its end")
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer)


def checks(ours):
    if not can_check(ours):
        return

    def check(name, run, *arguments):
        return Check(f"tls behind the handshake, {name}", lambda: run(ours, *arguments))

    yield check("client to openssl 1.3: five tickets", _tickets)
    if ours.on_host:
        yield check("client to openssl 1.3: tickets octet by octet", _tickets_in_pieces)
    for role, arrow in (("client", "to"), ("server", "from")):
        for letter in (b"K", b"k") if ours.on_host else (b"K",):
            name = f"{role} {arrow} openssl 1.3: a key update ({letter.decode()}) is refused"
            yield check(name, _key_update, role, letter)
        yield check(
            f"{role} {arrow} openssl 1.2: it renegotiates, we decline", _renegotiation_by_openssl, role
        )
        yield check(f"{role} {arrow} openssl 1.2: we may not renegotiate", _renegotiation_by_us, role)
    yield check(
        "client to gnutls 1.2: it renegotiates, we decline, and all goes on", _renegotiation_by_gnutls_serv
    )
    yield check("server from gnutls 1.2: it renegotiates, we decline", _renegotiation_by_gnutls_cli)
    for version in ("1.2", "1.3"):
        yield check(f"client to openssl {version}: three at once", _interleaved, version)
        yield check(f"client to openssl {version}: twenty dropped before it", _dropped, version)
