# SPDX-License-Identifier: Apache-2.0
"""TLS as applications have it (boards/stream): the HTTP examples' connections with openssl and gnutls, TLS 1.2 and 1.3,
with and without a client's certificate, resumed, and refused."""

import re
import subprocess
import tempfile

from peers import tls_pki
from peers.baresspi_http import Httpd, program
from peers.peer import PeerBroken
from peers.tls_program import GnutlsClient, GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .web import _must

VERSIONS = ("1.2", "1.3")
TRUST = ("--trust", tls_pki.ROOTS)
CERTIFICATE = ("--certificate", tls_pki.certificate("client"), "--key", tls_pki.key_of("client"))
REQUEST = f"GET / HTTP/1.1\r\nHost: {tls_pki.HOST}\r\nConnection: close\r\n\r\n".encode()
SECONDS = 20


def _get(ours, port, *options, times=1):
    """(exit status, what it printed, its complaint): so many requests, each over a connection of its own."""
    urls = [f"https://{tls_pki.HOST}:{port}/"] * times
    command = [program("baresspi-http-get", ours.preset), *urls, "--apart", "--connect", f"127.0.0.1:{port}", *TRUST]
    try:
        done = subprocess.run([*map(str, command), *map(str, options)], capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise PeerBroken(f"baresspi-http-get did not end within {SECONDS} s") from None
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def _listening(server):
    """Its connection is closed again at once: a server has to bear that, too."""
    server.connect().close()
    return server


def _openssl_server(ours, version):
    with OpensslServer(version=version, options=["-www"]) as server:
        _listening(server)
        status, printed, complaint = _get(ours, server.port, times=3)
        _must(status == 0 and printed.count(b"status: 200 ") == 3, (status, complaint))
        _must(printed.count(f"Protocol  : TLSv{version}".encode()) == 3, printed[-600:])
        resumed = int(re.search(rb"\nresumed: (\d+)\n", printed)[1])
        _must(resumed == 2, f"{resumed} of three sessions were resumed")


def _asked(ours, version):
    """A server that asks and one that insists, a client with and one without."""
    for insists in (False, True):
        for shows in (False, True):
            ask = ["-www", "-Verify" if insists else "-verify", "2", "-verify_return_error"]
            with OpensslServer(version=version, client_ca="roots", options=ask) as server:
                _listening(server)
                status, _, complaint = _get(ours, server.port, *(CERTIFICATE if shows else ()))
                _must(status == (3 if insists and not shows else 0), (insists, shows, status, complaint))


def _gnutls_server(ours, version):
    with GnutlsServer(version=version, serves="--http") as server:
        _listening(server)
        status, printed, complaint = _get(ours, server.port, times=2)
        _must(status == 0 and printed.count(b"status: 200 ") == 2, (status, complaint))
        _must(f"TLS{version}-X.509".encode() in printed, printed[-600:])


def _page(ours):
    return Httpd("--certificate", tls_pki.certificate("server"), "--key", tls_pki.key_of("server"), preset=ours.preset)


def _openssl_client(ours, version):
    with _page(ours) as page, tempfile.NamedTemporaryFile() as kept:
        for number in range(2):
            session = ["-sess_out", kept.name, *(["-sess_in", kept.name] if number else [])]
            with OpensslClient(page.port, version=version, options=["-ign_eof", *session]) as client:
                client.tell(REQUEST)
                _must(client.wait() == 0, client.last_words())
                _must(b"HTTP/1.1 401 " in client.said, client.last_words())
                _must((b"Reused, TLS" if number else b"New, TLS") in client.said, client.last_words())
                _must(b"unexpected eof" not in client.said, "it has not heard close_notify")


def _gnutls_client(ours, version):
    with _page(ours) as page, GnutlsClient(page.port, version=version) as client:
        client.wait_for(b"Handshake was completed")
        client.tell(REQUEST)
        client.wait_for(b"Peer has closed")
        _must(b"HTTP/1.1 401 " in client.said, client.last_words())


def _refused(ours, version):
    """A client that does not trust the page; the next one is served."""
    with _page(ours) as page:
        strange = ["-CAfile", tls_pki.certificate("other-root")]
        with OpensslClient(page.port, version=version, options=strange) as client:
            _must(client.wait() != 0, client.last_words())
        with OpensslClient(page.port, version=version, options=["-ign_eof"]) as client:
            client.tell(REQUEST)
            client.wait_for(b"HTTP/1.1 401 ")


def checks(ours):
    if not (ours.is_baresspi and ours.on_host):
        return
    for version in VERSIONS:
        for what, run in (
            ("openssl's server, resumed", _openssl_server),
            ("openssl's server asks for a certificate", _asked),
            ("gnutls' server", _gnutls_server),
            ("openssl's client at the page, resumed", _openssl_client),
            ("gnutls' client at the page", _gnutls_client),
            ("a client that refuses the page", _refused),
        ):
            yield Check(f"streams: TLS {version}, {what}", lambda run=run, version=version: run(ours, version))
