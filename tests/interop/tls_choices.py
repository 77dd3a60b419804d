# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: what is chosen of several. Certificates, groups, application protocols,
versions, and names that are addresses."""

from peers import tls_pki
from peers.tls_program import GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .tls_common import HOST, VERSIONS, OurSide, can_check, must, must_be, must_exchange, must_fail

ONLY_RSA = {"1.2": ["-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], "1.3": ["-sigalgs", "RSA-PSS+SHA256"]}


def _of_two_certificates(ours, version, wants_rsa):
    """A server with two certificates shows the one that the client can verify."""
    with OurSide(ours, "server", "server", "server-rsa") as we, OpensslClient(
        we.port, version, options=ONLY_RSA[version] if wants_rsa else []
    ) as peer:
        wire = we.accept()
        wire.handshake()
        shown = "server-rsa" if wants_rsa else "server"
        local = wire.channel.query("local")
        if local.status == "SEC_E_OK":
            octets = local.octets("certificate").rstrip(b"\0")
            must(octets == tls_pki.certificate(shown).read_bytes(), "LOCAL_CERT_CONTEXT is the other one")
        else:  # nothing in the clear says which
            must(version == "1.3" and local.status == "SEC_E_UNSUPPORTED_FUNCTION", local.status)
        peer.wait_for(b"Peer signature type: " + (b"RSA" if wants_rsa else b"ECDSA"))
        must_exchange(wire, peer)


def _group(ours, role, version, group):
    """In TLS 1.3, any but our first one takes a HelloRetryRequest when ours is the client. In TLS 1.2 a group that
    a client does not have it does not take a certificate of either (RFC 8422 5.1), hence RSA's."""
    certificate = "server-rsa" if version == "1.2" else "server"
    with OurSide(ours, role, *([certificate] if role == "server" else [])) as we:
        options = ["-groups", group]
        if role == "client":
            peer = OpensslServer(certificate, version, options=options)
        else:
            peer = OpensslClient(we.port, version, options=options)
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            continued = wire.statuses.count("SEC_I_CONTINUE_NEEDED")
            if role == "client" and version == "1.3":
                must(continued > (group != "P-256"), "no HelloRetryRequest")
            must_be(wire, version)
            must_exchange(wire, peer)
            return f"{continued} times to be continued"


def _named(ours, target, expected):
    """gnutls-serv prints the name that it was given (SNI): none, where the target is an address."""
    with OurSide(ours, "client") as we, GnutlsServer() as peer:
        wire = we.wire(peer.connect(), target=target)
        wire.handshake()
        must_exchange(wire, peer, echoes=True)
        peer.wait_for(b"- Channel bindings")  # said after the name; all of it may come behind the echo
        if expected is None:
            must(b"Given server name" not in peer.said, peer.last_words())
        else:
            must(b"Given server name[1]: " + expected.encode() + b"\n" in peer.said, peer.last_words())


def _no_protocol(ours, role, version):
    """Application protocols that the other side does not know of: none is agreed, and all goes on."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version=version) if role == "client" else OpensslClient(we.port, version)
        with peer:
            wire = we.wire(peer.connect(), alpn="h2") if role == "client" else we.accept(alpn="h2")
            wire.handshake()
            said = wire.channel.tells("alpn")
            must(said.count("status") == 0 and said["protocol"] == "-", said)
            must_exchange(wire, peer)


def _highest_version(ours, role, form):
    """Both sides have both versions; and a credential that leaves one out. form: of the credential's structure."""
    for words, version in (({}, "1.3"), ({"protocols": "1.2"}, "1.2"), ({"protocols": "1.3"}, "1.3")):
        with OurSide(ours, role, *(["server"] if role == "server" else []), v=form, **words) as we:
            peer = OpensslServer() if role == "client" else OpensslClient(we.port)
            with peer:
                wire = we.wire(peer.connect()) if role == "client" else we.accept()
                wire.handshake()
                must_be(wire, version)
                must_exchange(wire, peer)


def _alert_apart(ours, version):
    """With a SECBUFFER_ALERT among the outputs, the alert is there as well."""
    with OurSide(ours, "client") as we, OpensslServer("server-untrusted", version) as peer:
        wire = we.wire(peer.connect(), alert="yes")
        answers = []
        step = wire.channel.step

        def remember(*octets):
            answers.append(step(*octets))
            return answers[-1]

        wire.channel.step = remember
        must_fail(wire.handshake, "SEC_E_UNTRUSTED_ROOT")
        alert = answers[-1].octets("alert")
        must(alert and alert == answers[-1].octets("token"), f"{alert.hex()} is not the token")


def checks(ours):
    if not can_check(ours) or not ours.on_host:
        return

    def check(name, run, *arguments):
        return Check(f"tls choices, {name}", lambda: run(ours, *arguments))

    for version in VERSIONS:
        for wants_rsa in (False, True):
            key = "RSA" if wants_rsa else "ECDSA"
            name = f"server from openssl {version}: of two certificates, {key}"
            yield check(name, _of_two_certificates, version, wants_rsa)
        for role, arrow in (("client", "to"), ("server", "from")):
            for group in ("P-256", "X25519", "P-384", "P-521"):
                yield check(f"{role} {arrow} openssl {version}: {group}", _group, role, version, group)
            name = f"{role} {arrow} openssl {version}: it knows of no application protocols"
            yield check(name, _no_protocol, role, version)
        yield check(f"client to openssl {version}: the alert in a buffer of its own", _alert_apart, version)
    for role, arrow in (("client", "to"), ("server", "from")):
        for form in ("4", "5"):
            name = f"{role} {arrow} openssl: versions, credential of version {form}"
            yield check(name, _highest_version, role, form)
    for target, expected in (
        (HOST, HOST),
        (HOST.upper() + ".", HOST),
        ("127.0.0.1", None),
        ("localhost", "localhost"),
    ):
        yield check(f"client to gnutls: the target {target}", _named, target, expected)
