# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, driven over a pipe by the DevTools protocol: it asks for a page, answers when a server
wants a login as a user would at the dialog, and says what it shows. Its profile, and the certificates that it trusts
and has, are its own and go with it."""

import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from . import tls_pki
from .peer import PeerBroken

SECONDS = 60
OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HIGH = 10  # the pipe's ends are moved to 3 and 4 in the child, from out of the way


@dataclass
class Visit:
    """error: net::ERR_..., or "". asked: the schemes by which a login was wanted of the user, in order. status, text:
    of what is shown."""

    error: str = ""
    status: int = 0
    asked: list = field(default_factory=list)
    text: str = ""
    values: dict = field(default_factory=dict)  # elements with an id


def _tool(*words):
    done = subprocess.run([*map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise PeerBroken(f"{words[0]}: {done.stderr[-300:]}")


class Chromium:
    """trusts: an authority of tls_pki. certificate: its own, which it shows to origin without asking the user."""

    def __init__(self, trusts=None, certificate=None, origin=None):
        if shutil.which("chromium") is None or shutil.which("certutil") is None:
            raise PeerBroken("no chromium or certutil: sh toolchains/setup.sh browser")
        self._folder = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        home = pathlib.Path(self._folder.name)
        self._number, self._events, self._unread = 0, [], b""
        self._keep_certificates(home / ".pki" / "nssdb", trusts, certificate)
        profile = home / "profile"
        (profile / "Default").mkdir(parents=True)
        if certificate is not None:
            chosen = {f"{origin},*": {"last_modified": "13300000000000000", "setting": {"filters": [{}]}}}
            settings = {"content_settings": {"exceptions": {"auto_select_certificate": chosen}}}
            (profile / "Default" / "Preferences").write_text(json.dumps({"profile": settings}))
        options = [*OPTIONS, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        self._start(["chromium", *options, "about:blank"], home)

    @staticmethod
    def _keep_certificates(database, trusts, certificate):
        database.mkdir(parents=True)
        where = f"sql:{database}"
        _tool("certutil", "-d", where, "-N", "--empty-password")
        if trusts is not None:
            _tool("certutil", "-d", where, "-A", "-t", "C,,", "-n", trusts, "-i", tls_pki.certificate(trusts))
        if certificate is not None:
            bundle = database / "own.p12"
            own, key = tls_pki.certificate(certificate), tls_pki.key_of(certificate)
            _tool("openssl", "pkcs12", "-export", "-in", own, "-inkey", key, "-out", bundle, "-passout", "pass:x")
            _tool("pk12util", "-d", where, "-i", bundle, "-W", "x", "-K", "")

    def _start(self, command, home):
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, HIGH) for end in (to_read, to_write)]
        os.close(to_read)
        os.close(to_write)

        def prepare():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self._child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(home)},
            preexec_fn=prepare,
            pass_fds=(3, 4),
            start_new_session=True,
        )
        for end in ends:
            os.close(end)
        self._session = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for name in ("Page.enable", "Network.enable"):
            self._call(name)
        self._call("Fetch.enable", handleAuthRequests=True)

    def _send(self, method, parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        return self._number

    def _read(self, end):
        """The next message, or None when the time is over."""
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            octets = os.read(self._in, 65536)
            if not octets:
                raise PeerBroken("chromium ended")
            self._unread += octets
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)

    def _call(self, method, **parameters):
        number = self._send(method, parameters)
        end = time.monotonic() + SECONDS
        while (message := self._read(end)) is not None:
            if message.get("id") != number:
                self._events.append(message)
                continue
            if "error" in message:
                raise PeerBroken(f"chromium: {method}: {message['error']}")
            return message["result"]
        raise PeerBroken(f"chromium does not answer {method}")

    def visit(self, url, user=None, password=None, tries=1):
        """The user gives the account so many times, and then gives up."""
        visit = Visit()
        self._events.clear()
        number = self._send("Page.navigate", {"url": url})
        end = time.monotonic() + SECONDS
        while True:
            message = self._events.pop(0) if self._events else self._read(end)
            if message is None:
                raise PeerBroken(f"chromium does not show {url}: {visit}")
            if message.get("id") == number:
                visit.error = message.get("result", {}).get("errorText", "")
                if visit.error:
                    return visit
            elif message.get("method") == "Page.loadEventFired":
                break
            else:
                self._answer(message, visit, user, password, tries)
        return self._look(visit)

    def _answer(self, message, visit, user, password, tries):
        parameters = message.get("params", {})
        if message.get("method") == "Fetch.requestPaused":
            self._send("Fetch.continueRequest", {"requestId": parameters["requestId"]})
        elif message.get("method") == "Network.responseReceived" and parameters["type"] == "Document":
            visit.status = parameters["response"]["status"]
        elif message.get("method") == "Fetch.authRequired":
            visit.asked.append(parameters["authChallenge"]["scheme"].lower())
            response = {"response": "CancelAuth"}
            if user is not None and len(visit.asked) <= tries:
                response = {"response": "ProvideCredentials", "username": user, "password": password}
            self._send(
                "Fetch.continueWithAuth",
                {"requestId": parameters["requestId"], "authChallengeResponse": response},
            )

    def _look(self, visit):
        script = """JSON.stringify([document.body.innerText, Object.fromEntries(
            [...document.querySelectorAll("[id]")].map(element => [element.id, element.innerText.trim()]))])"""
        result = self._call("Runtime.evaluate", expression=script)
        visit.text, visit.values = json.loads(result["result"]["value"])
        return visit

    def close(self):
        for end in (self._out, self._in):
            os.close(end)  # at which it ends
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
