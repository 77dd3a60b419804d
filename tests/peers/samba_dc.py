#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A Samba AD domain controller, dc1.example.test of EXAMPLE.TEST, on its standard ports (LDAP 389, LDAPS 636, Kerberos
88) at 127.0.0.1 of a network of its own, and programs that run in that network. A board is one: QEMU's user network
reaches the controller there at 10.0.2.2.

    with SambaDc() as dc:
        dc.run(["ldapsearch", "-x", "-H", "ldap://dc1.example.test", ...])      as subprocess.run
        child = dc.popen([...], stdin=subprocess.PIPE, ...)                     as subprocess.Popen
        dc.trust                                                                the CA's certificate, PEM

    samba_dc.py start [FOLDER]          a new one; prints it; stays up until it is stopped
    samba_dc.py exec FOLDER COMMAND...  runs it there; its exit status
    samba_dc.py stop FOLDER             ends all, and removes the folder
    samba_dc.py possible                whether this machine lets one be made: exit status 0 or 1, and why not

Accounts: alice/Passw0rd!, the computer DEV1$/Dev1+Passw0rd, Administrator/Adm1n+Passw0rd. As root, or as a user where
user namespaces are allowed. The machine sees nothing of it: namespaces for network, mounts and processes; the files
are in a folder that goes with it. When the process that has the object ends in whatever way, so does all of this,
the programs that were run included.

popen: the program's parent is nsenter, which ends with the program's exit status; ending nsenter kills the program."""

import functools
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
if __package__:
    from .peer import PeerBroken
    from .samba_dc_inside import DOMAIN, HOST, SAMBA
else:
    sys.path.insert(0, str(HERE.parent))
    from peers.peer import PeerBroken
    from peers.samba_dc_inside import DOMAIN, HOST, SAMBA

SECONDS = 90
STATE = "dc.json"
NAMESPACES = ["--net", "--mount", "--pid"]


def _user_namespace():
    """[] where there is the right to make namespaces, else what unshare is to be told."""
    user = ["--user", "--map-root-user"]
    for options in ([], user):
        if subprocess.run(["unshare", *options, *NAMESPACES, "--fork", "true"], capture_output=True).returncode == 0:
            return options
    raise PeerBroken("neither root nor user namespaces: no domain controller can be started")


@functools.cache
def why_impossible():
    """None where a controller can be made. In a container without the right to make namespaces it cannot; checks that need
    one are left out there, which they say in a line that begins with SKIP."""
    try:
        _user_namespace()
    except PeerBroken as broken:
        return str(broken)
    return None


def _certificates(folder):
    """A CA (ca.pem), and the controller's certificate by it. P-256 keys: Samba's own choice takes seconds."""
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = f"subjectAltName=DNS:{HOST},DNS:localhost,IP:127.0.0.1,IP:10.0.2.2"
    ca = ["-x509", "-days", "2", "-subj", "/CN=EXAMPLE CA", "-keyout", "ca.key", "-out", "ca.pem"]
    server = ["-subj", f"/CN={HOST}", "-keyout", "key.pem", "-out", "server.csr"]
    (folder / "server.ext").write_text(f"{names}\nextendedKeyUsage=serverAuth\n")
    sign = ["-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]
    for command in (
        ["req", *new_key, *ca],
        ["req", *new_key, *server],
        ["x509", *sign, "-extfile", "server.ext", "-out", "cert.pem"],
    ):
        done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode != 0:
            raise PeerBroken("openssl: " + done.stderr[-300:])
    (folder / "key.pem").chmod(0o600)


def _started(process):
    """When a process was started, by /proc; None when it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


class SambaDc:
    """options: lines for smb.conf's [global]."""

    host, domain = HOST, DOMAIN

    def __init__(self, options="", folder=None, alone=False):
        if not os.access(SAMBA, os.X_OK):
            raise PeerBroken(f"no {SAMBA}: sh toolchains/setup.sh peers")
        if folder is not None:
            pathlib.Path(folder).mkdir()  # it goes in the end, so it has to be ours
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="samba-dc."))
        self.trust = self.folder / "ca.pem"
        self._child = None
        try:
            self._user = _user_namespace()
            _certificates(self.folder)
            (self.folder / "options").write_text(options)
            self._start(alone)
        except BaseException:
            self.close()
            raise

    def _start(self, alone):
        command = ["unshare", *self._user, *NAMESPACES, "--fork", "--kill-child", "--mount-proc"]
        command += [sys.executable, "-B", str(HERE / "samba_dc_inside.py"), str(self.folder)]
        with open(self.folder / "output", "wb") as output:
            # A session of its own: a Ctrl-C at the terminal is ours to deal with.
            self._child = subprocess.Popen(
                [*command, "--alone"] if alone else command,
                stdin=subprocess.DEVNULL if alone else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
            )
        ready, _, _ = select.select([self._child.stdout], [], [], SECONDS)
        if not ready or os.read(self._child.stdout.fileno(), 16) != b"ready\n":
            raise PeerBroken("the domain controller did not start: " + self.log())
        children = f"/proc/{self._child.pid}/task/{self._child.pid}/children"
        self._first = int(pathlib.Path(children).read_text().split()[0])
        state = {"process": self._first, "started": _started(self._first), "user": self._user}
        (self.folder / STATE).write_text(json.dumps(state))

    def command(self, command):
        """What to run outside for a command inside."""
        return _entering(self._first, self._user, command)

    def popen(self, command, **options):
        return subprocess.Popen(self.command(command), **options)

    def run(self, command, **options):
        return subprocess.run(self.command(command), **options)

    def log(self):
        """The end of what was said."""
        texts = [
            path.read_text(errors="replace")
            for path in (self.folder / "output", self.folder / "samba.log")
            if path.exists()
        ]
        return " ".join("".join(texts).split())[-700:]

    def close(self):
        if self._child is not None:
            if self._child.stdin is not None:
                self._child.stdin.close()
            try:
                self._child.wait(5.0)
            except subprocess.TimeoutExpired:
                self._child.kill()  # and the kernel the rest: --kill-child
                self._child.wait()
            self._child.stdout.close()
            self._child = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _entering(process, user, command):
    entering = ["nsenter", "--target", str(process), *NAMESPACES, f"--wd={os.getcwd()}"]
    if user:
        entering += ["--user", "--preserve-credentials"]
    return [*entering, "--", "setpriv", "--pdeathsig", "KILL", "--", *map(str, command)]


def _state(folder):
    state = json.loads((pathlib.Path(folder) / STATE).read_text())
    if _started(state["process"]) != state["started"]:
        raise PeerBroken(f"{folder}: no domain controller runs there")
    return state


def _stop(folder):
    state = _state(folder)
    os.kill(state["process"], 9)
    end = time.monotonic() + 10
    while _started(state["process"]) == state["started"] and time.monotonic() < end:
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def main(arguments):
    try:
        match arguments:
            case ["start", *folder] if len(folder) < 2:
                print(SambaDc(folder=folder[0] if folder else None, alone=True).folder)
            case ["exec", folder, *command] if command:
                state = _state(folder)
                return subprocess.run(_entering(state["process"], state["user"], command)).returncode
            case ["stop", folder]:
                _stop(folder)
            case ["possible"]:
                if why_impossible():
                    raise PeerBroken(why_impossible())
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (PeerBroken, OSError) as error:
        print(f"samba_dc: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
