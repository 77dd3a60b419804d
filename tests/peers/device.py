# SPDX-License-Identifier: Apache-2.0
"""baresspi-device (boards/device): a device on a network, as a program of this machine or as an image on an emulated
board, whose console obeys lines.

    with Device("mps2-an385") as device:
        status, text = device.run(["get", f"http://{device.host}:{port}/", "--user", "alice", ...])
        with device.serve(["--user", "alice", ...]) as page:
            ... https://127.0.0.1:{page.port}/ ...
        device.link(False)                                      the cable is pulled

`host` is the address at which the device reaches this machine's loopback. prefix: a command that runs a command
elsewhere, in a network namespace for instance; loopback is then that of there."""

import ctypes
import os
import re
import select
import shlex
import signal
import subprocess
import tempfile
import time

from .baresspi_peer import PRESETS
from .paths import ROOT
from .peer import PeerBroken
from .qemu_monitor import Monitor

BOOT_SECONDS = 30.0
SECONDS = {"host": 30.0}
SECONDS_BOARD = 120.0
# Where a target finds this machine's loopback: a board by QEMU's user network.
HOSTS = {"mps2-an385": "10.0.2.2", "host": "127.0.0.1"}
CABLE = "cable"
EXIT = re.compile(rb"\nexit (\d+)\n\Z")
LISTENING = re.compile(rb"^listening: \S+ \d+\n|\nexit \d+\n\Z", re.M)
LINE = 200  # longer than any line that is looked for
PR_SET_PDEATHSIG = 1


def image_of(target, preset=None):
    """The program's file; it has to be built already."""
    folder = ROOT / "build" / (preset or PRESETS[target]) / "boards" / "device"
    for path in (folder / "baresspi-device", folder / "baresspi-device.elf"):
        if path.is_file():
            return path
    raise PeerBroken(f"no baresspi-device in {folder}; cmake --preset and cmake --build come first")


def line_of(words):
    """A line whose words the device finds again (boards/common/arguments.cpp)."""
    if isinstance(words, str):
        return words
    return " ".join("".join("\\" + c if c in ' "\\' else c for c in str(word)) or '""' for word in words)


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Device:
    """address, time: the program's --address and --time, of boards alone. qemu: further arguments of QEMU's."""

    def __init__(self, target="host", preset=None, address=None, time=None, prefix=(), qemu=()):
        self.target = target
        self.host = HOSTS[target]
        self.seconds = SECONDS.get(target, SECONDS_BOARD)
        self.complaint = ""  # what the last command said on the standard error
        self._unread = bytearray()
        self._complained = 0
        self._folder = tempfile.TemporaryDirectory(prefix="device-")
        self._stderr = open(os.path.join(self._folder.name, "stderr"), "w+b")
        self._monitor = None
        command = [str(image_of(target, preset))]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        if target != "host":
            command = [str(ROOT / "boards" / "run-image"), target, *command]
            socket = os.path.join(self._folder.name, "monitor")
            network = ["-nic", f"user,id={CABLE},model=lan9118"]
            arguments = [*network, "-qmp", f"unix:{socket},server=on,wait=off", *qemu]
            environment["BARESSPI_QEMU_ARGS"] = shlex.join(arguments)
            self._monitor = Monitor(socket)
        for name, value in (("--address", address), ("--time", time)):
            command += [name, str(value)] if value is not None else []
        self._start([*map(str, prefix), *command], environment)

    def _start(self, command, environment):
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                env=environment,
                preexec_fn=_die_with_parent,
                start_new_session=True,  # a Ctrl-C at the terminal is ours to deal with
            )
        except OSError as error:
            raise PeerBroken(f"{command[0]}: {error.strerror}") from error
        try:
            said = self._read_until(re.compile(rb"^ready\n", re.M), BOOT_SECONDS)
        except BaseException:
            self.close()
            raise
        self.greeting = said.decode("utf-8", "replace")
        lines = [line.split(": ", 1) for line in self.greeting.splitlines() if ": " in line]
        self.identity = dict(lines)  # address, clock, random, ...

    @property
    def address(self):
        """The device's own."""
        return "127.0.0.1" if self.target == "host" else re.match(r"[\d.]+", self.identity["address"])[0]

    def run(self, words, timeout=None):
        """A command; (exit status, what it printed)."""
        self.send(words)
        return self.finish(timeout)

    def send(self, words):
        """Begins a command without waiting for its end: finish does."""
        self._complained = self._stderr_size()
        self._write(line_of(words))

    def finish(self, timeout=None):
        text = self._read_until(EXIT, timeout or self.seconds)
        found = EXIT.search(text)
        self.complaint = self._complaint_since(self._complained)
        return int(found[1]), text[: found.start()].decode("utf-8", "replace")

    def use(self):
        """What `use` says: {"sockets": {"now": 0, "of": 16}, ...}."""
        status, text = self.run("use")
        if status != 0:
            raise PeerBroken(f"use: {text}")
        use = {}
        for line in text.splitlines():
            name, _, rest = line.partition(": ")
            use[name] = {}
            for part in rest.split(", "):
                for number, word in re.findall(r"(\d+) ([a-z ]+)", part):
                    use[name][word] = int(number)
                for number in re.findall(r"of (\d+)", part):
                    use[name]["of"] = int(number)
        return use

    def must_be_idle(self):
        """No context, credential or socket is in use."""
        left = {
            name: of["now"]
            for name, of in self.use().items()
            if name.startswith(("contexts", "credentials", "sockets"))
        }
        if any(left.values()):
            raise PeerBroken(f"still in use: {left}")

    def serve(self, words=(), cost=False):
        """cost: and the instructions that it took are in the text."""
        return Serving(self, words, "cost serve" if cost else "serve")

    def forward(self, port):
        """The port of the loopback that leads to the device's own."""
        if self.target == "host":
            return port
        return self._monitor.forward(self.address, port)

    def link(self, up):
        """The cable is in, or it is not."""
        self._monitor.execute("set_link", name=CABLE, up=bool(up))

    def output(self):
        """What to wait on for lines()."""
        return self._child.stdout

    def lines(self):
        """The whole lines that a command under way has printed by now."""
        self._receive()
        *lines, rest = bytes(self._unread).split(b"\n")
        self._unread = bytearray(rest)
        return [line.decode("utf-8", "replace") for line in lines if line]

    def alive(self):
        return self._child.poll() is None

    def close(self):
        try:
            self._child.stdin.write(b"\nquit\n")
            self._child.stdin.close()
        except OSError:
            pass
        try:
            self._child.wait(5.0)
        except subprocess.TimeoutExpired:
            self._child.terminate()
            try:
                self._child.wait(2.0)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self._monitor is not None:
            self._monitor.close()
        self._child.stdout.close()
        self._stderr.seek(0)
        self.last_words = self._stderr.read().decode("utf-8", "replace")
        self._stderr.close()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _write(self, line):
        if "\n" in line:
            raise PeerBroken("a command is one line")
        try:
            self._child.stdin.write(line.encode() + b"\n")
        except OSError as error:
            raise PeerBroken(self._obituary("does not take lines any more")) from error

    def _read_until(self, pattern, seconds):
        """All up to the pattern's end."""
        end = time.monotonic() + seconds
        looked = 0
        while not (found := pattern.search(self._unread, max(0, looked - LINE))):
            looked = len(self._unread)
            ready, _, _ = select.select([self._child.stdout], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise PeerBroken(self._obituary(f"is not done after {seconds:g} s"))
            self._receive()
        text = bytes(self._unread[: found.end()])
        del self._unread[: found.end()]
        return text

    def _receive(self):
        octets = os.read(self._child.stdout.fileno(), 65536)
        if not octets:
            raise PeerBroken(self._obituary("ended"))
        self._unread += octets

    def _stderr_size(self):
        return os.fstat(self._stderr.fileno()).st_size

    def _complaint_since(self, offset):
        size = self._stderr_size() - offset
        return os.pread(self._stderr.fileno(), max(size, 0), offset).decode("utf-8", "replace")

    def _obituary(self, what):
        try:
            self._child.wait(0.5)
            what += f" (status {self._child.returncode})"
        except subprocess.TimeoutExpired:
            pass
        heard = self._unread.decode("utf-8", "replace") + self._complaint_since(0)
        return f"baresspi-device on {self.target} {what}: " + " ".join(heard.split())[-600:]


class Serving:
    """The device's web page, while it is up, at its own address and a free port if nothing else is said. port: on the
    loopback; device_port: the device's own. After the end: status, text."""

    def __init__(self, device, words, command="serve"):
        self._device, self._command = device, command
        self._words = words if isinstance(words, str) else line_of(words)

    def __enter__(self):
        device = self._device
        where = "" if "--address" in self._words else f"--address {device.address} "
        where += "" if "--port" in self._words else "--port 0 "
        device.send(f"{self._command} {where}{self._words}")
        said = device._read_until(LISTENING, device.seconds)
        found = re.search(rb"^listening: (\S+) (\d+)\n", said, re.M)
        if not found:
            raise PeerBroken(
                f"serve: {said.decode('utf-8', 'replace')[-300:]} {device._complaint_since(device._complained)[-300:]}"
            )
        self.device_port = int(found[2])
        self.port = device.forward(self.device_port)
        return self

    def __exit__(self, kind, *_):
        self._device._write("")
        try:
            self.status, self.text = self._device.finish()
        except PeerBroken:
            if kind is None:
                raise
