# SPDX-License-Identifier: Apache-2.0
"""Channel bindings and keying material: what we make of a connection is what openssl makes of the same one.
And what they are for: a login within TLS is let in with the bindings of its own connection alone, by a peer
that computes them by itself."""

import hashlib
import re
import socket

from peers import pair, tls_pki
from peers.baresspi_peer import BareSspiPeer, image_of
from peers.gss_peer import GssPeer
from peers.peer import Side
from peers.spnego_peers import GssSpnegoPeer
from peers.tls_program import GnutlsClient, GnutlsServer, OpensslClient, OpensslServer
from peers.tls_python import PythonClient, PythonServer

from .checks import SEC_E_BAD_BINDINGS, Check
from .tls_common import VERSIONS, OurSide, can_check, must, must_be, must_exchange

EXPORTER_LABEL = "EXPORTER-Channel-Binding"  # RFC 9266
LABELS = ((EXPORTER_LABEL, 32), ("EXPERIMENTAL-something", 48))
UNSUPPORTED = "SEC_E_UNSUPPORTED_FUNCTION"
# What hash a certificate is bound by: its own signature's (RFC 5929 4.1).
HASHES = {"server": "sha256", "server-rsa": "sha256", "server-p384": "sha384", "server-sha512": "sha512"}


def _end_point(certificate, octets=None):
    octets = tls_pki.der(certificate) if octets is None else octets
    return b"tls-server-end-point:" + hashlib.new(HASHES[certificate], octets).digest()


def _bindings(wire, which):
    """Application data, of a structure that is as long as it says."""
    answer = wire.channel.tells(which)
    octets = bytes.fromhex(answer["bindings"])
    must(
        answer.count("size") == 32 + len(octets), f"BindingsLength {answer['size']} for {len(octets)} octets"
    )
    return octets


def _exported(peer):
    """What openssl prints for -keymatexport."""
    found = re.search(rb"Keying material: ([0-9A-F]+)", peer.said)
    must(found is not None, "openssl prints no keying material: " + peer.last_words())
    return bytes.fromhex(found[1].decode())


def _joined(ours, role, version, certificate, options):
    """(our side, the program): openssl at the other end."""
    we = OurSide(ours, role, *([certificate] if role == "server" else []))
    try:
        if role == "client":
            return we, OpensslServer(certificate, version, options=options)
        return we, OpensslClient(we.port, version, options=options)
    except BaseException:
        we.__exit__()
        raise


def _of_certificate(ours, role, version, certificate):
    we, peer = _joined(ours, role, version, certificate, [])
    with we, peer:
        wire = we.wire(peer.connect()) if role == "client" else we.accept()
        wire.handshake()
        must(
            _bindings(wire, "endpoint") == _end_point(certificate),
            "ENDPOINT_BINDINGS are not the certificate's",
        )


def _material(ours, role, version, label, size):
    """KEYING_MATERIAL, and for RFC 9266's label UNIQUE_BINDINGS too."""
    we, peer = _joined(ours, role, version, "server", ["-keymatexport", label, "-keymatexportlen", size])
    with we, peer:
        wire = we.wire(peer.connect()) if role == "client" else we.accept()
        wire.handshake()
        must_exchange(wire, peer)
        theirs = _exported(peer)
        must(wire.channel.export(label, size) == theirs, "KEYING_MATERIAL is not what openssl exports")
        if label == EXPORTER_LABEL and version == "1.3":
            must(_bindings(wire, "unique") == b"tls-exporter:" + theirs, "UNIQUE_BINDINGS")


def _printed(said):
    """The bindings in gnutls's lines, of lines that are there to their end."""
    lines = re.findall(rb"- '(tls-[a-z-]+)': ([0-9a-f]+)\r?\n", said)
    return {name: bytes.fromhex(octets.decode()) for name, octets in lines}


def _as_gnutls_prints(ours, role, version):
    """gnutls prints the bindings of its connections. Its tls-unique in TLS 1.2 is for builds that have it."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = (
            GnutlsServer(version=version)
            if role == "client"
            else GnutlsClient(we.port, version, options=["--verbose"])
        )
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            must_exchange(wire, peer, echoes=role == "client")
            # It says so when it can, which may be behind the echo.
            name = b"tls-exporter" if version == "1.3" else b"tls-unique"
            peer.wait_until(lambda said: _printed(said).keys() >= {b"tls-server-end-point", name}, "its bindings")
            said = _printed(peer.said)
            end_point = said[b"tls-server-end-point"]
            must(_bindings(wire, "endpoint") == b"tls-server-end-point:" + end_point, "ENDPOINT_BINDINGS")
            theirs = name + b":" + said[name]
            if version == "1.2" and wire.channel.query("unique").status == UNSUPPORTED:
                return "tls-unique is not in this build"
            must(_bindings(wire, "unique") == theirs, "UNIQUE_BINDINGS")
    return None


def _contexts_of_material(ours, version):
    """No context value, an empty one and another: in TLS 1.2 three keys, in TLS 1.3 two (RFC 8446 7.5)."""
    with OurSide(ours, "client") as we, OpensslServer(version=version) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        keys = {wire.channel.export("EXPORTER-test", 20, context) for context in (None, b"", b"x")}
        must(len(keys) == (3 if version == "1.2" else 2), f"{len(keys)} keys")


def _unique(ours, role, resumed):
    """TLS 1.2's first Finished, where the build has it; else it is plainly unsupported."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        settings, session = None, None
        for number in range(2 if resumed else 1):
            if role == "client":
                peer = PythonServer(version="1.2", settings=settings)
                wire = we.wire(socket.create_connection(("127.0.0.1", peer.port)), number)
            else:
                connection = socket.create_connection(("127.0.0.1", we.port))
                peer = PythonClient(connection, "1.2", settings, session)
                wire = we.accept(number, flags="stream,extended,tickets")
            with peer:
                wire.handshake()
                theirs = peer.established()
                must_be(wire, "1.2", resumed=number > 0)
                must(theirs.session_reused == (number > 0), "Python's ssl says otherwise of the resumption")
                answer = wire.channel.query("unique")
                settings, session = peer.settings, theirs.session
                if answer.status == UNSUPPORTED:
                    return "not in this build"
                said = theirs.get_channel_binding("tls-unique")
                must(_bindings(wire, "unique") == b"tls-unique:" + said, "UNIQUE_BINDINGS are not Python's")
    return None


# ---- A login within. ----
SIDE = Side(spn="HTTP/" + tls_pki.HOST)
LENGTH = 4


def _through(send, receive):
    """A token's way: its length, then itself."""

    def carry(token):
        send(len(token).to_bytes(LENGTH, "big") + token)
        return receive(int.from_bytes(receive(LENGTH), "big"))

    return carry


class _Tunnel:
    """receive_exactly() of a wire that keeps what is over."""

    def __init__(self, wire):
        self._wire, self._kept = wire, b""

    def receive(self, size):
        while len(self._kept) < size:
            self._kept += self._wire.receive()
        octets, self._kept = self._kept[:size], self._kept[size:]
        return octets


def _login_within(ours, role, version, package, spoiled):
    """Ours is both in TLS and in the login; the other side is Python's ssl with gss-ntlmssp. spoiled: our
    bindings are of another connection's."""
    other = GssSpnegoPeer if package == "negotiate" else GssPeer
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        if role == "client":
            tls_peer = PythonServer(version=version)
            wire = we.wire(socket.create_connection(("127.0.0.1", tls_peer.port)))
            theirs = _end_point("server")
        else:
            tls_peer = PythonClient(socket.create_connection(("127.0.0.1", we.port)), version)
            wire = we.accept()
        with tls_peer:
            wire.handshake()
            stream = tls_peer.established()
            if role == "server":
                theirs = _end_point("server", stream.getpeercert(True))
            mine = _bindings(wire, "endpoint")
            if spoiled:
                mine = mine[:-1] + bytes([mine[-1] ^ 1])
            tunnel = _Tunnel(wire)
            to_peer = _through(wire.send, tls_peer.receive_exactly)
            to_us = _through(stream.sendall, tunnel.receive)
            image = image_of("host", ours.preset)
            our_login = BareSspiPeer(role, SIDE.but(bindings=mine), image=image, package=package)
            their_login = other("server" if role == "client" else "client", SIDE.but(bindings=theirs))
            with our_login, their_login:
                client, server = (our_login, their_login) if role == "client" else (their_login, our_login)

                def carry(leg, token):
                    from_us = (leg % 2 == 1) == (role == "client")
                    return (to_peer if from_us else to_us)(token)

                outcome = pair.login(client, server, alter=carry)
    if spoiled:
        must(outcome.refused_by == "server", str(outcome))
        if role == "server":
            must(f"{SEC_E_BAD_BINDINGS:08x}" in outcome.reason.lower(), outcome.reason)
        return outcome.reason[:60]
    must(outcome.established, str(outcome))
    return None


def checks(ours):
    if not can_check(ours):
        return

    def check(name, run, *arguments):
        return Check(f"tls bindings, {name}", lambda: run(ours, *arguments))

    for role, arrow in (("client", "to"), ("server", "from")):
        for version in VERSIONS:
            for certificate in HASHES if ours.on_host else ("server",):
                name = f"{role} {arrow} openssl {version}: end point, {certificate}"
                yield check(name, _of_certificate, role, version, certificate)
            for label, size in LABELS if ours.on_host else LABELS[:1]:
                name = f"{role} {arrow} openssl {version}: exported, {label}"
                yield check(name, _material, role, version, label, size)
            if not ours.on_host:
                continue
            name = f"{role} {arrow} gnutls {version}: as it prints them"
            yield check(name, _as_gnutls_prints, role, version)
        if not ours.on_host:
            continue
        for resumed in (False, True):
            name = f"{role} {arrow} Python 1.2: tls-unique{', resumed' if resumed else ''}"
            yield check(name, _unique, role, resumed)
        for version in VERSIONS:
            for package in ("ntlm", "negotiate"):
                name = f"{role} {arrow} Python {version}: {package} within, with gss-ntlmssp"
                yield check(f"{name}, the same bindings", _login_within, role, version, package, False)
                yield check(f"{name}, other bindings", _login_within, role, version, package, True)
    for version in VERSIONS:
        yield check(
            f"client to openssl {version}: context values of exported keys", _contexts_of_material, version
        )
