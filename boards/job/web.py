# SPDX-License-Identifier: Apache-2.0
"""The device logs in at web servers: one of BareSSPI's inside TLS, and a proxy whose logins are Samba's."""

import contextlib

from peers.baresspi_http import Httpd
from peers.connect_proxy import ConnectProxy
from story import must

HOST = "server.example.test"
ACCOUNT = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
WHO = "EXAMPLE\\alice"


TOLD = ("status: ", "server: ", "proxy: ", "user=", "body=", "connections: ")  # of what the device prints
KEPT_QUIET = ("--trust", "--connect", "--domain", "--password")  # and of what it is told


def shown(words):
    """A command as it is told: what matters of it, and dots for the rest."""
    texts, quiet = [], False
    for word in map(str, words):
        if not quiet and word not in KEPT_QUIET:
            texts.append(f"'{word}'" if " " in word else word)
        quiet = word in KEPT_QUIET
    return " ".join(texts) + (" ..." if any(word in KEPT_QUIET for word in words) else "")


def ask(story, device, words, status=0):
    """A command of the device's console, told with what it printed. What it printed."""
    story.line(f"> {shown(words)}")
    got, text = device.run(words)
    story.line("\n".join(line for line in text.splitlines() if line.startswith(TOLD) and line != "body=0"))
    must(got == status, f"exit status {got}, not {status}: {text[-200:]} {device.complaint[-200:]}")
    return text


class Web:
    """A server and a proxy, and how the device gets at them."""

    def __init__(self, device, certificates):
        self.device = device
        certificate, key = self.certify(certificates)
        self._stack = contextlib.ExitStack()
        options = ("--certificate", certificate, "--key", key, "--bindings", "required")
        self.server = self._stack.enter_context(Httpd(*options))
        self.plain = self._stack.enter_context(Httpd())
        self.proxy = self._stack.enter_context(ConnectProxy())
        self._trust = ("--trust", certificates.anchor)
        self._where = (*self._trust, "--connect", f"{device.host}:{self.server.port}")

    @staticmethod
    def certify(certificates):
        return certificates.server(HOST)

    def get(self, *more, account=ACCOUNT):
        """The command for a page inside TLS."""
        return ("get", *(more or (f"https://{HOST}/whoami",)), *self._where, *account)

    def get_plain(self, *more):
        return ("get", f"http://{self.device.host}:{self.plain.port}/whoami", *ACCOUNT, *more)

    def get_by_proxy(self):
        proxy = ("--proxy", f"{self.device.host}:{self.proxy.port}")
        return ("get", f"https://{HOST}:{self.server.port}/whoami", *self._trust, *proxy, *ACCOUNT)

    def close(self):
        self._stack.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def tell(story, web):
    device = web.device
    story.step(f"It logs in at a web server inside TLS, which is baresspi-httpd on this machine: https://{HOST}")
    text = ask(story, device, web.get())
    must(f"server: {WHO} by Negotiate (NTLM)" in text and f"user={WHO}" in text, "the server let in somebody else")
    story.result(f"let in as {WHO}; the login is bound to this TLS connection, since the server insists (EPA)")

    story.step("GET, POST, GET over one connection, with one login")
    urls = (
        f"https://{HOST}/whoami",
        "--post",
        "42 pages scanned",
        f"https://{HOST}/whoami",
        f"https://{HOST}/whoami?again",
    )
    text = ask(story, device, web.get(*urls, "--ntlm"))
    must("connections: 1, logins: 1" in text and "body=16" in text, "the connection was not kept")
    story.result("NTLM this time, and the login went for all three")

    story.step("A wrong password")
    ask(story, device, web.get(account=(*ACCOUNT[:-1], "wrong")), status=1)
    story.result("refused")

    story.step("Through a proxy that wants a login of its own (CONNECT; Samba's ntlm_auth says who may)")
    text = ask(story, device, web.get_by_proxy())
    must(
        f"proxy: {WHO} by Negotiate (NTLM)" in text and f"server: {WHO} by Negotiate (NTLM)" in text, "not both let in"
    )
    story.result("two logins: at the proxy in the clear, at the server inside TLS inside the tunnel")
