# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: connections as they should be. Versions, certificates, a client's
certificate, application protocols, data, the end from either side."""

from peers import tls_pki
from peers.tls_program import Curl, GnutlsClient, GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .tls_common import HOST, VERSIONS, OurSide, can_check, must, must_be, must_end, must_exchange

CERTIFICATES = ("server", "server-rsa", "server-chained", "server-p384")
ALPN = "h2,http/1.1"


# ---- Ours is the client. ----
def _server(other, certificate, version, asks):
    """A program that listens; asks: it wants a client's certificate."""
    client_ca = {None: None, "client-rsa": "root-rsa"}.get(asks, "root")
    if other == "openssl":
        options = ["-alpn", "http/1.1"] + (["-Verify", "3"] if asks else [])
        return OpensslServer(certificate, version, client_ca=client_ca, options=options)
    return GnutlsServer(certificate, version, client_ca=client_ca, options=["--alpn=http/1.1"])


def _client(ours, other, version, certificate, own):
    with OurSide(ours, "client", *([own] if own else [])) as we, _server(
        other, certificate, version, own
    ) as peer:
        wire = we.wire(peer.connect(), alpn=ALPN)
        wire.handshake()
        suite = must_be(wire, version)
        remote, local = wire.channel.tells("remote"), wire.channel.query("local")
        must(
            remote.octets("certificate") == tls_pki.der(certificate),
            "REMOTE_CERT_CONTEXT is another certificate",
        )
        if own:  # the application's own structure, so in PEM as we gave it
            must(
                local.octets("certificate").strip(b"\0") == tls_pki.certificate(own).read_bytes(),
                "LOCAL_CERT_CONTEXT",
            )
        else:
            must(local.status == "SEC_E_NO_CREDENTIALS", f"LOCAL_CERT_CONTEXT: {local.status}")
        must(wire.channel.tells("alpn")["protocol"] == "http/1.1", "no application protocol")
        must_exchange(wire, peer, echoes=other == "gnutls")
        if own and other == "openssl":
            peer.wait_for(b"CN = alice", b"CN=alice")
        must_end(wire, peer, openssl=other == "openssl")
    return suite


def _peer_ends(ours, version):
    """The server sends a page and its close_notify, then we send ours. The page tells what it thinks of the
    connection."""
    with OurSide(ours, "client") as we, OpensslServer(version=version, options=["-www"]) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        wire.send(b"GET / HTTP/1.0\r\n\r\n")
        page = wire.receive_all()
        must(wire.ends == "SEC_I_CONTEXT_EXPIRED", f"the end: {wire.ends}")
        must(b"Protocol  : TLSv" + version.encode() in page, page[-300:])
        again = wire.channel.unseal(b"\x17\x03\x03\x00\x20" + bytes(32))
        must(again.status == "SEC_I_CONTEXT_EXPIRED", f"a record behind the end: {again.status}")
        wire.shutdown()


def _answer_for_certificate(ours, with_other, *more):
    """TLS 1.2: asked for a certificate that the credential does not have, we go on with another credential that
    has one, or without."""
    options = [*(["-Verify", "3"] if with_other else ["-verify", "3"]), *more]
    with OurSide(ours, "client") as we, OpensslServer(
        version="1.2", client_ca="root", options=options
    ) as peer:
        other = we.driver.credential("client", "client", roots=("root",)) if with_other else None
        issuers = []

        def go_on(channel):
            issuers.extend(channel.tells("issuers").all("issuer"))
            channel.change(**({"cred": other} if with_other else {"flags": "stream,extended,use-supplied"}))

        wire = we.wire(peer.connect(), wants_credential=go_on)
        wire.handshake()
        must(wire.statuses.count("SEC_I_INCOMPLETE_CREDENTIALS") == 1, f"{wire.statuses}")
        must(len(issuers) == 1, f"ISSUER_LIST_EX has {len(issuers)} names")
        must_be(wire, "1.2")
        must_exchange(wire, peer)
        must((b"CN = alice" in peer.said) == with_other, peer.last_words())
        must_end(wire, peer, openssl=True)


def _no_certificate_1_3(ours):
    """TLS 1.3: the server that asks, and does not insist, is told that there is none."""
    with OurSide(ours, "client") as we, OpensslServer(
        version="1.3", client_ca="root", options=["-verify", "3"]
    ) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer)
        must_end(wire, peer, openssl=True)


# ---- Ours is the server. ----
def _program(other, port, version, own):
    if other == "openssl":
        return OpensslClient(port, version, certificate=own, options=["-alpn", ALPN, "-ign_eof"])
    return GnutlsClient(port, version, certificate=own, options=["--alpn=h2", "--alpn=http/1.1"])


def _serve(ours, other, version, certificate, own):
    chain = "intermediate" if certificate == "server-chained" else None
    flags = "stream,conf,integ,replay,sequence,extended" + (",mutual" if own else "")
    with OurSide(ours, "server", certificate, chain=chain) as we, _program(
        other, we.port, version, own
    ) as peer:
        if own:
            we.driver.map(own, "alice", 77)
        wire = we.accept(alpn="http/1.1", flags=flags)
        wire.handshake()
        suite = must_be(wire, version)
        must(wire.channel.tells("alpn")["protocol"] == "http/1.1", "no application protocol")
        if own:
            must(
                wire.channel.tells("remote").octets("certificate") == tls_pki.der(own), "REMOTE_CERT_CONTEXT"
            )
            caller = wire.channel.tells("token")
            must(caller.octets("user").decode("utf-16-le") == "alice" and caller.count("id") == 77, caller)
        else:
            must(
                wire.channel.query("remote").status == "SEC_E_NO_CREDENTIALS",
                "a certificate that nobody sent",
            )
        must_exchange(wire, peer)
        wire.shutdown()
        peer.end_input() if other == "gnutls" else None
        must(wire.receive_all() == b"", "data after our close_notify")
        wire.close()
    return suite


def _client_ends(ours, version):
    """gnutls-cli's close_notify comes first."""
    with OurSide(ours, "server", "server") as we, _program("gnutls", we.port, version, None) as peer:
        wire = we.accept(alpn="http/1.1")
        wire.handshake()
        must_exchange(wire, peer)
        peer.end_input()
        must(wire.receive_all() == b"", "data at the end")
        must(wire.ends == "SEC_I_CONTEXT_EXPIRED", f"the end: {wire.ends}")
        wire.shutdown()


PAGE = b"<html>BareSSPI</html>\n" * 500


def _curl(ours, version, certificate, own):
    options = ["--tlsv" + version, "--tls-max", version, "--http1.1"]
    flags = "stream,extended" + (",mutual" if own else "")
    with OurSide(ours, "server", certificate) as we, Curl(we.port, "/page", own, options) as peer:
        wire = we.accept(alpn="http/1.1", flags=flags)
        wire.handshake()
        suite = must_be(wire, version)
        request = wire.receive_until(b"\r\n\r\n")
        must(request.startswith(b"GET /page HTTP/1.1\r\nHost: " + HOST.encode()), request[:80])
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE) + PAGE)
        wire.shutdown()
        status = peer.wait()
        must(status == 0 and peer.said == PAGE, f"curl: {status} {peer.last_words()[:200]}")
    return suite


def _cases(ours):
    """(program, version, the server's certificate, the client's): all on this machine, some on a board."""
    for version in VERSIONS:
        for other in ("openssl", "gnutls"):
            for certificate in CERTIFICATES:
                for own in (None, "client", "client-rsa") if certificate == "server" else (None,):
                    plain = certificate == "server" and own is None
                    some = other == "openssl" and (own == "client" or certificate == "server-rsa")
                    if ours.on_host or plain or some and can_check(ours):
                        yield other, version, certificate, own


def checks(ours):
    if not can_check(ours, few=True):
        return

    def check(name, run, *arguments):
        return Check(f"tls, {name}", lambda: run(ours, *arguments))

    for other, version, certificate, own in _cases(ours):
        name = f"client to {other} {version}: {certificate}{f' and we show {own}' if own else ''}"
        yield check(name, _client, other, version, certificate, own)
        name = f"server from {other} {version}: {certificate}{f' and it shows {own}' if own else ''}"
        yield check(name, _serve, other, version, certificate, own)
    if not can_check(ours):
        return
    for version in VERSIONS:
        yield check(f"client to openssl {version}: the server ends", _peer_ends, version)
        yield check(f"server from gnutls {version}: the client ends", _client_ends, version)
        for certificate, own in (("server", None), ("server-rsa", None), ("server", "client")):
            if ours.on_host or certificate == "server" and own is None:
                shows = f" and it shows {own}" if own else ""
                yield check(
                    f"server from curl {version}: {certificate}{shows}", _curl, version, certificate, own
                )
    yield check(
        "client to openssl 1.2: asked for a certificate, another credential", _answer_for_certificate, True
    )
    yield check(
        "client to openssl 1.2: asked for a certificate, goes on without", _answer_for_certificate, False
    )
    fragments = ("-max_send_frag", "512", "-split_send_frag", "512")
    name = "client to openssl 1.2: asked for a certificate in fragments, another credential"
    yield check(name, _answer_for_certificate, True, *fragments)
    yield check("client to openssl 1.3: asked for a certificate, has none", _no_certificate_1_3)
