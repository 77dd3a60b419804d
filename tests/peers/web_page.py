# SPDX-License-Identifier: Apache-2.0
"""The device's web page inside TLS, of the program on this machine or of a device's serve command; and a caller of it
in this process, who logs in by python3-ntlm-auth with or without channel bindings and stays.

A page is a context manager with host, port, ca_file, and url."""

import contextlib
import hashlib
import http.client
import ssl
import time

from . import tls_pki
from .baresspi_http import Httpd
from .http_wire import authorization, challenge
from .peer import PeerRefused, Side
from .pyntlm_peer import PyNtlmPeer

CA_FILE = tls_pki.ROOTS
ALICE = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
# Who is alice by certificate, and whose certificates count at all.
TLS = ("--certificate", tls_pki.certificate("server"), "--key", tls_pki.key_of("server"))
CLIENTS = ("--trust", tls_pki.certificate("root"))
MAPPED = (*CLIENTS, "--map-certificate", "upn:alice@example.test=EXAMPLE\\alice")


class HostPage(Httpd):
    """baresspi-httpd, where EXAMPLE\\alice is let in. It has to be alive at the end, and to end when told."""

    ca_file = CA_FILE

    def __init__(self, *options, preset=None):
        super().__init__(*map(str, (*TLS, *options)), preset=preset)
        self.url = f"https://{self.host}:{self.port}"


class DevicePage:
    """A device (device.Device) serves it while the context is open."""

    host, ca_file = "127.0.0.1", CA_FILE

    def __init__(self, device, *options):
        self._serving = device.serve([*map(str, (*TLS, *options)), *ALICE])

    def __enter__(self):
        self._serving.__enter__()
        self.port = self._serving.port
        self.url = f"https://{self.host}:{self.port}"
        return self

    def __exit__(self, *reason):
        self._serving.__exit__(*reason)
        self.said = self._serving.text.encode()


class HostSite:
    """Makes pages. contexts: TLS's, of the pool; slowness: how many times longer than here things may take."""

    contexts, slowness = 4, 1  # BARESSPI_SCHANNEL_MAX_CONTEXTS

    def __init__(self, preset=None):
        self._preset = preset

    def open(self, *options):
        return HostPage(*options, preset=self._preset)


class DeviceSite:
    contexts, slowness = 4, 10

    def __init__(self, device):
        self._device = device

    def open(self, *options):
        return DevicePage(self._device, *options)


def end_point(octets):
    """tls-server-end-point of a certificate that is signed with SHA-256 (RFC 5929 4.1)."""
    return b"tls-server-end-point:" + hashlib.sha256(octets).digest()


class Caller:
    """One connection, kept. bindings: None, or what to send as the channel's in a login."""

    def __init__(self, page, certificate=None, seconds=30):
        context = ssl.create_default_context(cafile=str(page.ca_file))
        if certificate is not None:
            context.load_cert_chain(tls_pki.certificate(certificate), tls_pki.key_of(certificate))
        self.http = http.client.HTTPSConnection(page.host, page.port, timeout=seconds, context=context)
        self.answer = None  # the last
        self.sent = 0.0  # when the last request was out, in time.monotonic's time

    def connect(self):
        self.http.connect()
        return self

    def end_point(self):
        return end_point(self.http.sock.getpeercert(binary_form=True))

    def get(self, path="/whoami", token=None, method="GET", body=None, **headers):
        """(status, content)."""
        if token is not None:
            headers["Authorization"] = authorization("NTLM", token)
        self.http.request(method, path, body=body, headers=headers)
        self.sent = time.monotonic()
        self.answer = self.http.getresponse()
        return self.answer.status, self.answer.read().decode()

    def begin_login(self):
        """Sends the first token; the server holds a context from here on. The status."""
        peer = PyNtlmPeer("client", Side())
        peer.begin()
        return self.get(token=peer.step(b"")[0])[0]

    def log_in(self, path="/whoami", password="Passw0rd!", bindings=None):
        peer = PyNtlmPeer("client", Side(password=password, bindings=bindings))
        peer.begin()
        token, done = b"", False
        while not done:
            token, done = peer.step(token)
            status, content = self.get(path, token)
            token = challenge(self.answer, "NTLM")
            if not done and (status != 401 or not token):
                return status, content
        return status, content

    def close(self):
        with contextlib.suppress(OSError):
            self.http.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def refused_by_alert(page, certificate, version):
    """The alert that a caller with this certificate gets, by openssl's name; None: there was none."""
    with Caller(page, certificate) as caller:
        context = caller.http._context
        context.minimum_version = context.maximum_version = version
        try:
            caller.get()
        except ssl.SSLError as error:
            return error.reason
        except (OSError, http.client.HTTPException) as error:
            raise PeerRefused(f"no alert came: {error!r}") from error
    return None
