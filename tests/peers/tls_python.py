# SPDX-License-Identifier: Apache-2.0
"""Python's ssl module as a TLS peer: openssl's library, which tells what its programs do not (tls-unique)."""

import ssl
import threading

from . import tls_pki
from .peer import PeerBroken
from .tls_wire import SECONDS, listen

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def _settings(protocol, version):
    settings = ssl.SSLContext(protocol)
    settings.load_verify_locations(tls_pki.ROOTS)
    if version is not None:
        settings.minimum_version = settings.maximum_version = VERSIONS[version]
    return settings


class PythonTls:
    """One end of one connection, whose handshake runs in a thread: established() waits for it."""

    def __init__(self):
        self.stream = None
        self._error = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            self.stream = self._shake_hands()
        except (OSError, ssl.SSLError) as error:
            self._error = error

    def established(self):
        self._thread.join(SECONDS)
        if self.stream is None:
            raise PeerBroken(f"Python's ssl: {self._error}")
        self.stream.settimeout(SECONDS)
        return self.stream

    def receive_exactly(self, size):
        data = b""
        while len(data) < size:
            octets = self.stream.recv(size - len(data))
            if not octets:
                raise PeerBroken(f"Python's ssl: {len(data)} of {size} octets")
            data += octets
        return data

    def close(self):
        if self.stream is not None:
            self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class PythonServer(PythonTls):
    """settings may be another one's, so that it knows its sessions."""

    def __init__(self, certificate="server", version=None, settings=None):
        super().__init__()
        self._listener, self.port = listen()
        if settings is None:
            settings = _settings(ssl.PROTOCOL_TLS_SERVER, version)
            settings.load_cert_chain(tls_pki.certificate(certificate), tls_pki.key_of(certificate))
        self.settings = settings
        self._thread.start()

    def _shake_hands(self):
        connection, _ = self._listener.accept()
        connection.settimeout(SECONDS)
        return self.settings.wrap_socket(connection, server_side=True)

    def close(self):
        super().close()
        self._listener.close()


class PythonClient(PythonTls):
    """connection: a socket that is connected to our server."""

    def __init__(self, connection, version=None, settings=None, session=None):
        super().__init__()
        connection.settimeout(SECONDS)
        self.settings = settings or _settings(ssl.PROTOCOL_TLS_CLIENT, version)
        self._connection, self._session = connection, session
        self._thread.start()

    def _shake_hands(self):
        return self.settings.wrap_socket(
            self._connection, server_hostname=tls_pki.HOST, session=self._session
        )
