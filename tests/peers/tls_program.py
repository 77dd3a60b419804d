# SPDX-License-Identifier: Apache-2.0
"""Programs of others that speak TLS: openssl s_server and s_client, gnutls-serv and gnutls-cli, curl."""

import os
import socket
import subprocess
import threading
import time

from . import tls_pki
from .peer import PeerBroken
from .tls_wire import free_port

SECONDS = 20.0


class Program:
    """A process whose output, both streams together, is read all the time."""

    def __init__(self, command):
        self.command = [str(word) for word in command]
        self.said = b""
        self._heard = threading.Condition()
        try:
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError as error:
            raise PeerBroken(f"{self.command[0]}: {error.strerror}") from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while octets := os.read(self._child.stdout.fileno(), 65536):
            with self._heard:
                self.said += octets
                self._heard.notify_all()

    def tell(self, octets):
        """What goes to its standard input."""
        try:
            view = memoryview(octets)
            while view:
                view = view[self._child.stdin.write(view) :]
        except OSError as error:
            raise PeerBroken(f"{self.command[0]} takes no more input: {self.last_words()}") from error

    def end_input(self):
        self._child.stdin.close()

    def wait_for(self, *words, seconds=None):
        """Until it has said one of the words."""
        return self.wait_until(lambda said: any(word in said for word in words), f"{words}", seconds)

    def wait_until(self, has_enough, what="enough", seconds=None):
        """Until has_enough(all that it has said)."""
        end = time.monotonic() + (seconds or SECONDS)
        with self._heard:
            while not has_enough(self.said):
                left = end - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise PeerBroken(f"{self.command[0]} does not say {what}: {self.last_words()}")
                self._heard.wait(min(left, 0.2))

    def wait(self, seconds=None):
        """Until it has ended by itself; its exit status."""
        try:
            status = self._child.wait(seconds or SECONDS)
        except subprocess.TimeoutExpired as error:
            raise PeerBroken(f"{self.command[0]} does not end: {self.last_words()}") from error
        self._reader.join(5.0)
        return status

    def last_words(self):
        return " ".join(self.said[-600:].decode("utf-8", "replace").split())

    def close(self):
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(2.0)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait(5.0)
        self._reader.join(5.0)
        for stream in (self._child.stdin, self._child.stdout):
            try:
                stream.close()
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server(Program):
    """A program that listens on a port of this machine."""

    def __init__(self, command):
        super().__init__(command)
        self.connections = []

    def connect(self, seconds=None):
        """A connection to it, as soon as it listens."""
        end = time.monotonic() + (seconds or SECONDS)
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", self.port), 2.0)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections.append(connection)
                return connection
            except OSError as error:
                if time.monotonic() > end or self._child.poll() is not None:
                    raise PeerBroken(f"{self.command[0]} does not listen: {self.last_words()}") from error
                time.sleep(0.02)

    def close(self):
        super().close()
        for connection in self.connections:
            connection.close()


OPENSSL_VERSIONS = {"1.2": "-tls1_2", "1.3": "-tls1_3", "1.1": "-tls1_1"}
GNUTLS_VERSIONS = {"1.2": "+VERS-TLS1.2", "1.3": "+VERS-TLS1.3"}


class OpensslServer(Server):
    """quiet: its standard input is sent, what it receives is its output, and nothing else is."""

    def __init__(self, certificate="server", version=None, quiet=False, client_ca=None, options=()):
        self.port = free_port()
        command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}"]
        command += ["-cert", tls_pki.certificate(certificate), "-key", tls_pki.key_of(certificate)]
        if certificate == "server-chained":
            command += ["-cert_chain", tls_pki.certificate("intermediate")]
        if version is not None:
            command.append(OPENSSL_VERSIONS[version])
        if client_ca is not None:
            command += ["-CAfile", tls_pki.certificate(client_ca)]
        if quiet:
            command.append("-quiet")
        super().__init__([*command, *options])


class OpensslClient(Program):
    def __init__(self, port, version=None, quiet=False, certificate=None, options=()):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", tls_pki.HOST]
        command += ["-CAfile", tls_pki.ROOTS, "-verify_return_error", "-verify_hostname", tls_pki.HOST]
        if version is not None:
            command.append(OPENSSL_VERSIONS[version])
        if certificate is not None:
            command += ["-cert", tls_pki.certificate(certificate), "-key", tls_pki.key_of(certificate)]
        if quiet:
            command.append("-quiet")
        super().__init__([*command, *options])


def _priority(version):
    return "NORMAL" if version is None else f"NORMAL:-VERS-ALL:{GNUTLS_VERSIONS[version]}"


class GnutlsServer(Server):
    """What it receives it sends back, or with --http a page about the connection."""

    def __init__(self, certificate="server", version=None, client_ca=None, options=(), serves="--echo"):
        self.port = free_port()
        command = ["gnutls-serv", "--port", self.port, serves, "--priority", _priority(version)]
        chain = "server-chain" if certificate == "server-chained" else certificate
        command += ["--x509certfile", tls_pki.certificate(chain)]
        command += ["--x509keyfile", tls_pki.key_of(certificate)]
        if client_ca is None:
            command.append("--disable-client-cert")
        else:
            command += ["--x509cafile", tls_pki.certificate(client_ca), "--require-client-cert"]
        super().__init__([*command, *options])


class GnutlsClient(Program):
    def __init__(self, port, version=None, certificate=None, options=()):
        command = ["gnutls-cli", "--port", port, "--priority", _priority(version)]
        command += ["--sni-hostname", tls_pki.HOST, "--verify-hostname", tls_pki.HOST]
        command += ["--x509cafile", tls_pki.ROOTS]
        if certificate is not None:
            command += ["--x509certfile", tls_pki.certificate(certificate)]
            command += ["--x509keyfile", tls_pki.key_of(certificate)]
        super().__init__([*command, *options, "127.0.0.1"])


class Curl(Program):
    def __init__(self, port, path="/", certificate=None, options=()):
        command = [
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            "20",
            "--noproxy",
            "*",
            "--cacert",
            tls_pki.ROOTS,
        ]
        command += ["--resolve", f"{tls_pki.HOST}:{port}:127.0.0.1"]
        if certificate is not None:
            command += ["--cert", tls_pki.certificate(certificate), "--key", tls_pki.key_of(certificate)]
        super().__init__([*command, *options, f"https://{tls_pki.HOST}:{port}{path}"])
