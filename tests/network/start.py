# SPDX-License-Identifier: Apache-2.0
"""How a board starts: where its address and its time come from, and what it does without a time."""

import contextlib
import socket
import struct
import threading

from interop.checks import Check
from peers import tls_pki
from peers.device import HOSTS, Device
from peers.pair import CheckFailed
from peers.samba_web import SambaWeb

ACCOUNT = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
FROM_1900_TO_1970 = 2208988800
MAY_DAY = 1809165600  # 2027-05-01 10:00:00 UTC
LONG_AGO = 1104537600  # 2005-01-01
SERVER_MODE = 4


class TimeServer:
    """SNTP (RFC 4330) at this machine's loopback: it is always the same time."""

    def __init__(self, unix_seconds):
        self._time = struct.pack("!II", unix_seconds + FROM_1900_TO_1970, 0)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                question, who = self._socket.recvfrom(512)
                head = struct.pack("!BBbb", (question[0] & 0x38) | SERVER_MODE, 1, 6, -20) + bytes(8) + b"GPS\0"
                self._socket.sendto(head + self._time + question[40:48] + self._time * 2, who)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()


def _must_say(device, name, *texts):
    said = device.identity.get(name, "")
    if not all(text in said for text in texts):
        raise CheckFailed(f"{name}: {said!r} has not {texts}")
    return said


def _log_in(device, *options, status=0):
    with SambaWeb(certificate="server") as server:
        where = ("--connect", f"{device.host}:{server.port}", "--trust", tls_pki.ROOTS, *options)
        got, text = device.run(["get", f"{server.secure_url}/", *where, *ACCOUNT])
    if got != status:
        raise CheckFailed(f"exit status {got}, not {status}: {text[-200:]} {device.complaint}")
    device.must_be_idle()


def _dhcp(start):
    with start(address="dhcp") as device:
        said = _must_say(device, "address", "10.0.2.15", "gateway 10.0.2.2", "name server 10.0.2.3", "by DHCP")
        _must_say(device, "random", "emulator's host")
        _log_in(device)
        return said


def _fixed(start):
    with start(address="10.0.2.77/24,10.0.2.2") as device:
        _must_say(device, "address", "10.0.2.77, netmask 255.255.255.0, gateway 10.0.2.2", "as given")
        _log_in(device)


def _sntp(start):
    with TimeServer(MAY_DAY) as server, start(time=f"sntp:{HOSTS['mps2-an385']}:{server.port}") as device:
        _must_say(device, "clock", "2027-05-01 10:00:0", "by SNTP")
        _log_in(device)


def _sntp_not_believed(start):
    with TimeServer(LONG_AGO) as server, start(time=f"sntp:{HOSTS['mps2-an385']}:{server.port}") as device:
        return _must_say(device, "clock", "not known")


def _given(start):
    with start(time=MAY_DAY) as device:
        _must_say(device, "clock", "2027-05-01 10:00:0", "as given")
        _log_in(device)
    with start(time=LONG_AGO) as device:  # before the certificates' time
        _log_in(device, status=3)


def _no_time(start):
    with start(time="none") as device:
        _must_say(device, "clock", "not known")
        _log_in(device, status=3)
        _log_in(device, "--no-dates")


def checks(target, preset):
    if target == "host":
        return

    def start(**options):
        return Device(target, preset, **options)

    for name, run in (
        ("address, gateway and name server by DHCP", _dhcp),
        ("a fixed address", _fixed),
        ("the time by SNTP", _sntp),
        ("a time by SNTP from long ago is not believed", _sntp_not_believed),
        ("the time as given, and certificates' dates by it", _given),
        ("without a time no certificate is good, unless dates do not matter", _no_time),
    ):
        yield Check(f"start, {name}", lambda run=run: run(start))
