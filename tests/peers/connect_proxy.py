# SPDX-License-Identifier: Apache-2.0
"""A proxy that makes tunnels (CONNECT, RFC 9110 9.3.6) for those that ntlm_auth lets in, and a relay that stands in the
middle of a TLS connection with a certificate of its own."""

import contextlib
import select
import socket
import ssl
import threading

from . import tls_pki
from .samba_web import PROXY, Handler, SambaWeb

SECONDS = 20
PIECE = 65536


def _relay(one, other):
    """Octets both ways until either ends. TLS may hold some that select does not see."""
    pairs = {one: other, other: one}
    while True:
        ready = [each for each in pairs if getattr(each, "pending", lambda: 0)()]
        ready = ready or select.select(list(pairs), [], [], SECONDS)[0]
        if not ready:
            return
        for each in ready:
            each.settimeout(0)
            try:
                octets = each.recv(PIECE)
            except (ssl.SSLWantReadError, BlockingIOError):
                continue  # part of a record, or a ticket
            if not octets:
                return
            pairs[each].settimeout(SECONDS)
            pairs[each].sendall(octets)


class _Handler(Handler):
    def do_CONNECT(self):
        may, fields = self.let_in()
        if not may:
            return
        self.server.asked.append(self.path)
        try:
            port = int(self.path.rpartition(":")[2])
            target = socket.create_connection(("127.0.0.1", port), 5)
        except OSError:
            return self._answer(502, [], b"nobody there\n")
        with target, contextlib.suppress(OSError):
            self.send_response(200, "Connection established")
            for name, value in fields:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.flush()
            _relay(self.connection, target)
        self.close_connection = True


class ConnectProxy(SambaWeb):
    """Whatever host is asked for, it is this machine. `asked`: the targets of the tunnels."""

    def __init__(self, **options):
        super().__init__((PROXY,), handler=_Handler, **options)
        self.asked = self._server.asked = []
        self.address = f"127.0.0.1:{self.port}"


class TlsRelay:
    """TLS with the client by a certificate of tls_pki, TLS with the server behind, whose certificate it does not check."""

    def __init__(self, port, certificate):
        self._behind = port
        self._server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.load_cert_chain(tls_pki.certificate(certificate), tls_pki.key_of(certificate))
        self._client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client.check_hostname = False
        self._client.verify_mode = ssl.CERT_NONE
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(SECONDS)
        with contextlib.suppress(OSError):
            with self._server.wrap_socket(connection, server_side=True) as client:
                plain = socket.create_connection(("127.0.0.1", self._behind), 5)
                with self._client.wrap_socket(plain, server_hostname=tls_pki.HOST) as behind:
                    _relay(client, behind)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
