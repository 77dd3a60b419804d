# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: what is refused, with which status, and the alert that the peer sees."""

from peers import tls_driver
from peers.tls_program import OpensslClient, OpensslServer

from .checks import Check
from .tls_common import VERSIONS, OurSide, can_check, must, must_exchange, must_fail, must_hear_alert

WRONG_PRINCIPAL = "SEC_E_WRONG_PRINCIPAL"
UNTRUSTED_ROOT = "SEC_E_UNTRUSTED_ROOT"
CERT_EXPIRED = "SEC_E_CERT_EXPIRED"
ILLEGAL_MESSAGE = "SEC_E_ILLEGAL_MESSAGE"
MISMATCH = "SEC_E_ALGORITHM_MISMATCH"
VERSION = "SEC_E_UNSUPPORTED_FUNCTION"  # Windows' code for protocol_version
# Alerts.
HANDSHAKE_FAILURE, BAD_CERTIFICATE, UNSUPPORTED_CERTIFICATE, EXPIRED, UNKNOWN, UNKNOWN_CA = (
    40,
    42,
    43,
    45,
    46,
    48,
)
PROTOCOL_VERSION, INSUFFICIENT_SECURITY, NO_APPLICATION_PROTOCOL, CERTIFICATE_REQUIRED = 70, 71, 120, 116
ANY_SERVER = ("-cipher", "DEFAULT:@SECLEVEL=0")  # openssl's TLS 1.1 wants SHA-1

# (what, the server's certificate, our target, our anchors, the status, the alerts that tell the peer)
CERTIFICATES = (
    ("another name", "server-other-name", None, None, WRONG_PRINCIPAL, (BAD_CERTIFICATE,)),
    (
        "another name, an address",
        "server-other-name",
        "127.0.0.1",
        None,
        WRONG_PRINCIPAL,
        (BAD_CERTIFICATE, UNKNOWN),
    ),
    ("another target", "server", "other.example.test", None, WRONG_PRINCIPAL, (BAD_CERTIFICATE,)),
    ("an untrusted root", "server-untrusted", None, None, UNTRUSTED_ROOT, (UNKNOWN_CA,)),
    ("no roots", "server", None, (), UNTRUSTED_ROOT, (UNKNOWN_CA,)),
    ("an expired certificate", "server-expired", None, None, CERT_EXPIRED, (EXPIRED,)),
    (
        "a certificate of the future",
        "server-future",
        None,
        None,
        CERT_EXPIRED,
        (EXPIRED, BAD_CERTIFICATE, UNKNOWN),
    ),
)
BOARD_CERTIFICATES = tuple(
    case for case in CERTIFICATES if case[0] in ("another name", "an expired certificate")
)


def _of_certificate(ours, version, case):
    _, certificate, target, roots, status, alerts = case
    words = {} if roots is None else {"roots": roots}
    with OurSide(ours, "client", **words) as we, OpensslServer(certificate, version) as peer:
        wire = we.wire(peer.connect(), **({} if target is None else {"target": target}))
        must_fail(wire.handshake, status)
        heard = must_hear_alert(peer, *alerts)
        again = wire.channel.step()
        must(again.status == status, f"a call after the end: {again.status}")
        must(wire.channel.query("connection").status == status, "a query after the end")
    return f"{status}, {heard}"


def _accepted(ours, version, certificate, target, flags):
    """The same certificates with the flag that says not to look."""
    with OurSide(ours, "client", flags=flags) as we, OpensslServer(certificate, version) as peer:
        wire = we.wire(peer.connect(), target=target)
        wire.handshake()
        must_exchange(wire, peer)


def _we_show_none(ours, version):
    """A server that insists on a certificate, and a client that goes on without one."""
    with OurSide(ours, "client") as we, OpensslServer(
        version=version, client_ca="root", options=["-Verify", "3"]
    ) as peer:
        wire = we.wire(peer.connect(), flags="stream,extended,use-supplied")

        def until_told():
            wire.handshake()
            wire.receive()

        status = must_fail(
            until_told, ILLEGAL_MESSAGE, MISMATCH, "SEC_E_INCOMPLETE_CREDENTIALS", "SEC_E_CERT_UNKNOWN"
        )
        peer.wait_for(b"peer did not return a certificate")
    return status


def _peer_shows(ours, version, certificate, status, alerts):
    """Our server wants a client's certificate; none comes, or one that is not trusted."""
    with OurSide(ours, "server", "server") as we, OpensslClient(
        we.port, version, certificate=certificate, options=["-ign_eof"]
    ) as peer:
        wire = we.accept(flags="stream,extended,mutual")
        must_fail(wire.handshake, status)
        heard = must_hear_alert(peer, *alerts)
    return f"{status}, {heard}"


def _peer_refuses_us(ours, version):
    """The peer does not trust our certificate, and says so."""
    with OurSide(ours, "server", "server-untrusted") as we, OpensslClient(we.port, version) as peer:
        wire = we.accept()

        def until_told():
            wire.handshake()
            wire.receive()

        status = must_fail(until_told, UNTRUSTED_ROOT, ILLEGAL_MESSAGE)
        peer.wait_for(
            b"self-signed certificate in certificate chain", b"unable to get local issuer certificate"
        )
    return status


def _no_version(ours, role, mine, others):
    if role == "client":
        with OurSide(ours, "client", protocols=mine) as we, OpensslServer(version=others) as peer:
            status = must_fail(we.wire(peer.connect()).handshake, VERSION)
            peer.wait_for(b"unsupported protocol", b"no protocols available", b"version too low")
            return status
    # A server of TLS 1.2 alone does not know where TLS 1.3 says its version: there is no suite in common.
    status, alert = (MISMATCH, HANDSHAKE_FAILURE) if mine == "1.2" else (VERSION, PROTOCOL_VERSION)
    with OurSide(ours, "server", "server", protocols=mine) as we, OpensslClient(
        we.port, others, options=ANY_SERVER if others == "1.1" else ()
    ) as peer:
        must_fail(we.accept().handshake, status)
        return f"{status}, {must_hear_alert(peer, alert)}"


def _no_suite(ours, role, version):
    """We take AES with 128 bits alone, the peer the other one."""
    words = {"v": "5", "disable": "cipher:AES", "protocols": version}
    suite = (
        ["-ciphersuites", "TLS_AES_128_GCM_SHA256"]
        if version == "1.3"
        else ["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]
    )
    if role == "client":
        with OurSide(ours, "client", **words) as we, OpensslServer(version=version, options=suite) as peer:
            status = must_fail(we.wire(peer.connect()).handshake, ILLEGAL_MESSAGE)  # of handshake_failure
            peer.wait_for(b"no shared cipher", b"no suitable")
            return status
    with OurSide(ours, "server", "server", **words) as we, OpensslClient(
        we.port, version, options=suite
    ) as peer:
        status = must_fail(we.accept().handshake, MISMATCH)
        return f"{status}, {must_hear_alert(peer, HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY)}"


def _no_protocol(ours, version):
    """Application protocols of which none is common (RFC 7301 3.2)."""
    with OurSide(ours, "server", "server") as we, OpensslClient(
        we.port, version, options=["-alpn", "h2"]
    ) as peer:
        status = must_fail(we.accept(alpn="http/1.1").handshake, "SEC_E_APPLICATION_PROTOCOL_MISMATCH")
        return f"{status}, {must_hear_alert(peer, NO_APPLICATION_PROTOCOL)}"


def _altered(ours, role, version):
    """A record that was altered on the way ends the connection for good."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version=version) if role == "client" else OpensslClient(we.port, version)
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            wire.handshake()
            must_exchange(wire, peer)
            peer.tell(b"this comes altered\n")
            wire.unread += wire.connection.recv(4096)
            record = bytearray(wire.unread)
            record[-1] ^= 1
            wire.unread = bytes(record)
            must_fail(wire.receive, "SEC_E_MESSAGE_ALTERED")
            again = wire.channel.seal(b"x")
            must(again.status == "SEC_E_MESSAGE_ALTERED", f"EncryptMessage after that: {again.status}")


def _peer_alerts(ours, version):
    """Ours sends an alert of the application's choice."""
    with OurSide(ours, "client") as we, OpensslServer(version=version) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        must_exchange(wire, peer)
        must(wire.channel.alert(2, 49).status == tls_driver.OK, "SCHANNEL_ALERT")
        answer = wire.channel.step()
        wire.connection.sendall(answer.octets("token"))
        return must_hear_alert(peer, 49)


def checks(ours):
    if not can_check(ours):
        return

    def check(name, run, *arguments):
        return Check(f"tls refusals, {name}", lambda: run(ours, *arguments))

    for version in VERSIONS:
        for case in CERTIFICATES if ours.on_host else BOARD_CERTIFICATES:
            yield check(f"client to openssl {version}: {case[0]}", _of_certificate, version, case)
        yield check(
            f"client to openssl {version}: a certificate is required, we have none", _we_show_none, version
        )
        for what, certificate, status, alerts in (
            ("shows none", None, "SEC_E_INCOMPLETE_CREDENTIALS", (HANDSHAKE_FAILURE, CERTIFICATE_REQUIRED)),
            ("shows an untrusted one", "client-untrusted", UNTRUSTED_ROOT, (UNKNOWN_CA,)),
            ("shows a server's", "server", "SEC_E_CERT_WRONG_USAGE", (UNSUPPORTED_CERTIFICATE,)),
        ):
            name = f"server from openssl {version}: a certificate is required, the client {what}"
            yield check(name, _peer_shows, version, certificate, status, alerts)
        yield check(f"server from openssl {version}: the client does not trust us", _peer_refuses_us, version)
        yield check(f"server from openssl {version}: no common application protocol", _no_protocol, version)
        for role, arrow in (("client", "to"), ("server", "from")) if ours.on_host else ():
            name = f"{role} {arrow} openssl {version}"
            other = "1.3" if version == "1.2" else "1.2"
            yield check(f"{name}: no common version, we have {other}", _no_version, role, other, version)
            yield check(f"{name}: no common cipher suite", _no_suite, role, version)
            yield check(f"{name}: an altered record", _altered, role, version)
        yield check(f"client to openssl {version}: an alert of the application's", _peer_alerts, version)
    if not ours.on_host:
        return
    yield check("server from openssl 1.1: no common version", _no_version, "server", "1.2,1.3", "1.1")
    for what, certificate, target, flags in (
        ("any name will do", "server-other-name", "device.example.test", "no-name"),
        ("dates are not looked at", "server-expired", "device.example.test", "no-dates"),
        ("the application checks", "server-untrusted", "other.example.test", "manual"),
    ):
        yield check(f"client to openssl: {what}", _accepted, "1.2", certificate, target, flags)
        yield check(f"client to openssl 1.3: {what}", _accepted, "1.3", certificate, target, flags)
