# SPDX-License-Identifier: Apache-2.0
"""LDAP: baresspi-ldap-search logs in at Samba's domain controller, and looks for its own account: signed, sealed,
inside TLS, and through a relay that alters what goes through it. It is run on this machine, in the controller's
network; who has a device in that network gives it to checks_of."""

import atexit
import base64
import contextlib
import functools
import pathlib
import subprocess
import sys
import threading
import time

from peers import tls_pki
from peers.baresspi_http import program
from peers.pair import CheckFailed
from peers.samba_dc import SambaDc, why_impossible

from .checks import Check

PASSWORD = "Dev1+Passw0rd"
ACCOUNT = ("--user", "DEV1$", "--domain", "EXAMPLE", "--password", PASSWORD)
DN = "CN=DEV1,CN=Computers,DC=example,DC=test"
NAME = "dc1.example.test"
LDAP, LDAPS = 389, 636
RELAY = pathlib.Path(__file__).resolve().parents[1] / "peers" / "ldap_relay.py"
SECONDS = 60

# The account as it lies in the controller's own database, which is read without LDAP.
READ_DATABASE = """
import base64, sys
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
settings = LoadParm()
settings.load(sys.argv[1])
database = SamDB(session_info=system_session(), lp=settings, url=settings.private_path("sam.ldb"))
entry, = database.search(expression="(sAMAccountName=DEV1$)", attrs=sys.argv[2:])
print(entry.dn)
for name in sys.argv[2:]:
    print(base64.b64encode(bytes(entry[name][0])).decode())
"""


# What is said of what the relay does.
WHY = {
    "flip": "a message was altered on its way",
    "flip-ours": "the connection ended",
    "twice": "a message was altered on its way",
    "cut": "the connection ended",
    "half": "no answer in time",
    "silent": "no answer in time",
    "huge": "too long for us, or outside of the security layer",
    "clear": "too long for us, or outside of the security layer",
    "early": "too long for us, or outside of the security layer",
}


class OnDevice:
    """A device (peers.device) in the controller's network."""

    patience, slack, dates = 5, 30, ("--no-dates",)

    def __init__(self, device):
        self._device, self.host = device, device.host

    def run(self, arguments):
        status, text = self._device.run(["search", *arguments])
        return status, text + self._device.complaint


class Program:
    """Our program on this machine, in the controller's network."""

    host = "127.0.0.1"  # where it finds the controller
    patience = 2  # seconds that it may be told to wait at most where it gets no answer
    slack = 5  # seconds that it may take on top
    dates = ()  # what a device without a clock is told

    def __init__(self, dc, preset=None):
        self._dc, self._path = dc, program("baresspi-ldap-search", preset)

    def run(self, arguments):
        """(exit status, what it said)."""
        done = self._dc.run([self._path, *arguments], capture_output=True, timeout=SECONDS)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def _must(condition, what):
    if not condition:
        raise CheckFailed(" | ".join(str(what).split("\n"))[-600:])


def _search(device, *options, port=LDAP, scheme="ldap", name=NAME, account=ACCOUNT):
    return device.run([f"{scheme}://{name}", "--connect", f"{device.host}:{port}", *account, *map(str, options)])


def _entry(text):
    """The attributes of the one entry that was printed: {name: [values]}, octets."""
    entry = {}
    for line in text.splitlines():
        name, separator, value = line.partition(":")
        if separator and not name.startswith("#"):
            octets = base64.b64decode(value[1:]) if value.startswith(":") else value.strip().encode()
            entry.setdefault(name, []).append(octets)
    return entry


def _finds_itself(device, dc, how, *options, **where):
    status, text = _search(device, *options, **where)
    _must(status == 0 and f"bind: EXAMPLE\\DEV1$ by Negotiate (NTLM), {how}\n" in text, text)
    _must("\nentries: 1\n" in text and "\nbase: DC=example,DC=test\n" in text, text)
    names = ("objectSid", "objectGUID", "whenCreated", "userAccountControl")
    command = [sys.executable, "-B", "-c", READ_DATABASE, dc.folder / "etc" / "smb.conf", *names]
    said = dc.run(command, capture_output=True, text=True, timeout=SECONDS).stdout.split("\n")
    entry = _entry(text)
    _must(entry["dn"] == [said[0].encode()] == [DN.encode()], text)
    for name, value in zip(names, said[1:]):
        _must(entry[name] == [base64.b64decode(value)], f"{name}: {entry[name]} instead of {value}")


def _protected(device, dc, option, how):
    _finds_itself(device, dc, how, *option)


def _bound(device, dc):
    _finds_itself(device, dc, "bound to TLS", "--trust", dc.trust, *device.dates, port=LDAPS, scheme="ldaps")


def _filters(device, _):
    wanted = "(&(objectClass=user)(|(cn=ali*)(cn=*nistrato*))(!(cn=guest)))"
    _, text = _search(device, "--filter", wanted, "--attribute", "cn")
    _must(sorted(_entry(text).get("cn", ())) == [b"Administrator", b"alice"] and "\nentries: 2\n" in text, text)
    status, text = _search(device, "--filter", "(cn=nobody\\28\\2a\\29)")
    _must(status == 0 and "\nentries: 0\n" in text, text)


def _wrong_password(device, _):
    for user, password in (("DEV1$", "wrong"), ("nobody", PASSWORD), ("DEV1$", "")):
        account = ("--user", user, "--domain", "EXAMPLE", "--password", password)
        status, text = _search(device, account=account)
        _must(status == 1 and "refused: 49 invalidCredentials\n" in text, text)
        _must("dn:" not in text and "bind:" not in text, text)


def _wrong_password_in_tls(device, dc):
    trust = ("--trust", dc.trust, *device.dates)
    status, text = _search(device, *trust, port=LDAPS, scheme="ldaps", account=(*ACCOUNT[:-1], "wrong"))
    _must(status == 1 and "refused: 49 invalidCredentials\n" in text and "dn:" not in text, text)


def _no_layer(device, _):
    status, text = _search(device, "--plain")
    _must(status == 1 and "refused: 8 strongerAuthRequired\n" in text and "dn:" not in text, text)


def _no_base(device, _):
    status, text = _search(device, "--base", "CN=Nowhere,DC=example,DC=test")
    _must(status == 1 and "refused: 32 noSuchObject\n" in text and "dn:" not in text, text)


def _unknown_ca(device, _):
    trust = ("--trust", tls_pki.ROOTS, *device.dates)
    status, text = _search(device, *trust, port=LDAPS, scheme="ldaps")
    _must(status == 3 and "bind" not in text and "dn:" not in text, text)


def _another_name(device, dc):
    trust = ("--trust", dc.trust, *device.dates)
    status, text = _search(device, *trust, port=LDAPS, scheme="ldaps", name="dc2.example.test")
    _must(status == 3 and "bind" not in text and "dn:" not in text, text)


def _nobody_there(device, _):
    status, text = _search(device, "--timeout", device.patience, port=1)
    _must(status == 3 and "bind" not in text, text)


def _bad_options(device, _):
    url = f"ldap://{NAME}"
    for wrong in ([], [url], [url, *ACCOUNT, "--filter", "(cn=a"], [f"http://{NAME}", *ACCOUNT], [*ACCOUNT]):
        status, text = device.run(wrong)
        _must(status == 2 and "bind" not in text.partition("usage")[0], text)


@contextlib.contextmanager
def _relay(dc, deed, port=LDAP):
    command = [sys.executable, "-B", RELAY, port, deed]
    relay = dc.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(relay.stdout.readline())
    finally:
        relay.stdin.close()
        try:
            relay.wait(10)
        except subprocess.TimeoutExpired:
            relay.kill()
            relay.wait()
        relay.stdout.close()


def _relayed(device, dc, deed, option):
    """The search by way of the relay: (exit status, text, seconds)."""
    with _relay(dc, deed) as port:
        begin = time.monotonic()
        status, text = _search(device, option, "--timeout", device.patience * 3, port=port)
        return status, text, time.monotonic() - begin


def _borne(device, dc, deed, option):
    status, text, _ = _relayed(device, dc, deed, option)
    _must(status == 0 and f"\ndn: {DN}\n" in text and "\nentries: 1\n" in text, text)


def _not_borne(device, dc, deed, option):
    """It ends in time, says why, and shows nothing that the server has not sent."""
    status, text, seconds = _relayed(device, dc, deed, option)
    _must(status == 3 and "entries:" not in text and "dn:" not in text and WHY[deed] in text, text)
    _must(seconds < device.patience * 3 + device.slack, f"{seconds:.1f} s")


def checks_of(device, dc):
    """device, dc: functions that give them when the first check runs. A device is a Program, or an
    OnDevice."""
    if why_impossible():
        print(f"SKIP ldap: {why_impossible()}")
        return []
    seal, sign = "--seal", "--sign"
    found = {
        "a search, sealed": functools.partial(_protected, option=(seal,), how="sealed, 128 bits"),
        "a search, sealed unless told otherwise": functools.partial(_protected, option=(), how="sealed, 128 bits"),
        "a search, signed": functools.partial(_protected, option=(sign,), how="signed, 128 bits"),
        "a search inside TLS, bound to it": _bound,
        "filters": _filters,
        "a wrong password, an unknown user, no password: refused": _wrong_password,
        "a wrong password inside TLS: refused": _wrong_password_in_tls,
        "a bind without protection: refused by the server": _no_layer,
        "a base that is not there: refused by the server": _no_base,
        "a CA that is not trusted": _unknown_ca,
        "another server's certificate": _another_name,
        "nobody listens": _nobody_there,
        "wrong options": _bad_options,
    }
    for deed in ("none", "piecemeal"):
        found[f"through a relay: {deed}"] = functools.partial(_borne, deed=deed, option=seal)
    for deed in ("flip", "flip-ours", "twice", "cut", "half", "silent", "huge", "clear", "early"):
        for option in (seal, sign):
            found[f"through a relay, {option[2:]}ed: {deed}"] = functools.partial(_not_borne, deed=deed, option=option)
    return [Check(f"ldap: {name}", lambda run=run: run(device(), dc())) for name, run in found.items()]


@functools.cache
def _lock():
    return threading.Lock()


@functools.cache
def _started():
    dc = SambaDc()
    atexit.register(dc.close)
    return dc


def controller():
    """One for all checks, started when the first of them runs, and ended with the process."""
    with _lock():
        return _started()


def checks(ours):
    if not ours.is_baresspi or not ours.on_host:
        return []
    return checks_of(lambda: Program(controller(), ours.preset), controller)
