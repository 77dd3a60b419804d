# SPDX-License-Identifier: Apache-2.0
"""curl: its own NTLM code, as a client, by HTTP on the loopback. It sends the short NEGOTIATE of 32 octets,
no MIC and no key exchange, and tells no session key."""

import base64
import re
import socket
import subprocess

from .peer import Peer, PeerBroken, PeerRefused

SECONDS = 10
MOST_HEADER = 65536


class CurlPeer(Peer):
    name = "curl"

    def __init__(self, role, side):
        if role != "client":
            raise ValueError("curl is a client only")
        self._account = f"{side.domain}\\{side.user}" if side.domain else side.user
        self._password = side.password
        self._listener = self._connection = self._curl = None

    def begin(self):
        self.close()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        command = [
            "curl",
            "--silent",
            "--ntlm",
            "--noproxy",
            "*",
            "--max-time",
            str(SECONDS),
            "--config",
            "-",
            url,
        ]
        try:
            self._curl = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        except OSError as error:
            raise PeerBroken(f"curl: {error.strerror}") from error
        secret = f"{self._account}:{self._password}".replace("\\", "\\\\").replace('"', '\\"')
        self._curl.stdin.write(f'user = "{secret}"\n'.encode())
        self._curl.stdin.close()

    def step(self, token):
        try:
            if self._connection is None:
                self._connection, _ = self._listener.accept()
                self._connection.settimeout(SECONDS)
            else:
                self._answer(
                    "401 Unauthorized", f"WWW-Authenticate: NTLM {base64.b64encode(token).decode()}\r\n"
                )
            header = self._header()
        except OSError as error:
            raise PeerBroken(f"curl: {error}") from error
        found = re.search(rb"\r\nauthorization: NTLM ([A-Za-z0-9+/=]+)\r\n", header, re.IGNORECASE)
        if found is None:
            raise PeerRefused("curl sends no token")
        return base64.b64decode(found[1]), token != b""

    def close(self):
        if self._connection is not None:
            try:
                self._answer("200 OK", "")
            except OSError:
                pass
            self._connection.close()
        if self._listener is not None:
            self._listener.close()
        if self._curl is not None:
            try:
                self._curl.wait(1.0)
            except subprocess.TimeoutExpired:
                self._curl.kill()
                self._curl.wait(5.0)
        self._listener = self._connection = self._curl = None

    def _answer(self, status, header):
        self._connection.sendall(f"HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\n\r\n".encode())

    def _header(self):
        header = b""
        while b"\r\n\r\n" not in header:
            octets = self._connection.recv(4096)
            if not octets or len(header) > MOST_HEADER:
                raise PeerRefused("curl hangs up")
            header += octets
        return header
