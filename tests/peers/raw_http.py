# SPDX-License-Identifier: Apache-2.0
"""HTTP as octets, for what no sound program sends: to a server, and from one."""

import contextlib
import os
import socket
import ssl
import threading

from . import tls_pki

SECONDS = 10


def exchange(port, *pieces, end=True):
    """Sends the pieces over one connection, then ends its side; returns all that comes back until the server ends or resets
    it. end False: waits for the server to end the connection of its own."""
    came = b""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
            if end:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while octets := connection.recv(65536):
                came += octets
    return came


def statuses(answers):
    """Of answers one behind the other. The contents hold no such line."""
    lines = answers.decode("latin-1").split("\r\n")
    return [int(line.split(" ")[1]) for line in lines if line.startswith("HTTP/1.1 ")] + [
        int(line.split("HTTP/1.1 ")[1].split(" ")[0]) for line in lines if "\nHTTP/1.1 " in line
    ]


class RawServer:
    """Serves one connection after another, each by the next of the scripts: a script is a list of what to do, in order:
    octets to send, "head" to read a request's head, "body" to read one with a body of five octets, "tls" to be a TLS server
    from there on, "end" to announce TLS's end, a tuple of octets to send them below TLS, or a number of seconds to stay silent.
    Then the connection is closed, without announcing that.
    """

    def __init__(self, *scripts, certificate="server"):
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(tls_pki.certificate(certificate), tls_pki.key_of(certificate))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.heads = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(scripts,), daemon=True)
        self._thread.start()

    def _serve(self, scripts):
        for script in scripts:
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                connection.settimeout(SECONDS)
                stack = [connection]
                try:
                    self._play(stack, script)
                finally:
                    stack[-1].close()

    def _play(self, stack, script):
        for act in script:
            connection = stack[-1]
            if isinstance(act, bytes):
                connection.sendall(act)
            elif isinstance(act, tuple):
                os.write(connection.fileno(), act[0])
            elif act == "tls":
                stack.append(self._tls.wrap_socket(connection, server_side=True))
            elif act == "end":
                stack.append(connection.unwrap())
            elif act in ("head", "body"):
                self.heads.append(self._read(connection, b"\r\n\r\n" if act == "head" else b"hello"))
            elif self._stop.wait(act):
                return

    def _read(self, connection, end):
        came = b""
        while end not in came:
            octets = connection.recv(4096)
            if not octets:
                raise ConnectionError
            came += octets
        return came

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._listener.close()
        self._thread.join(SECONDS)
