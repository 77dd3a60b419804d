# SPDX-License-Identifier: Apache-2.0
"""HTTP as octets, for what no sound program sends: to a server, and from one."""

import contextlib
import socket
import threading

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
    octets to send, "head" to read a request's head, or a number of seconds to stay silent. Then the connection is closed.
    """

    def __init__(self, *scripts):
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
                with connection:
                    connection.settimeout(SECONDS)
                    self._play(connection, script)

    def _play(self, connection, script):
        for act in script:
            if isinstance(act, bytes):
                connection.sendall(act)
            elif act == "head":
                head = b""
                while b"\r\n\r\n" not in head:
                    octets = connection.recv(4096)
                    if not octets:
                        return
                    head += octets
                self.heads.append(head)
            elif self._stop.wait(act):
                return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._listener.close()
        self._thread.join(SECONDS)
