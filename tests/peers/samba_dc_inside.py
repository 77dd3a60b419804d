#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The first process in the namespaces of samba_dc.py's domain controller: makes the domain, starts samba, says
"ready" on standard output when the directory answers, and stays. When it ends, the kernel ends everything else in
there: it ends with samba, or when its standard input does (so also when whoever started it was killed), and then
removes the folder, too.

    samba_dc_inside.py FOLDER [--alone]        --alone: it stays until it is killed
    samba_dc_inside.py FOLDER --provision      the domain's database alone

Everything lies in FOLDER: the settings and the database, and cert.pem and key.pem of the LDAP server."""

import fcntl
import os
import pathlib
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

REALM, DOMAIN, NAME = "EXAMPLE.TEST", "EXAMPLE", "dc1"
HOST = f"{NAME}.example.test"
USERS = {"alice": "Passw0rd!"}
COMPUTERS = {"DEV1": "Dev1+Passw0rd"}
ADMINISTRATOR = "Adm1n+Passw0rd"
SAMBA = "/usr/sbin/samba"
PORTS = (389, 636)
SECONDS = 60

# What a provisioned smb.conf does not say. A login inside of TLS without a layer of its own is what Windows takes, too.
SETTINGS = """
[global]
  pid directory = {folder}/run
  ncalrpc dir = {folder}/ncalrpc
  log file = {folder}/samba.log
  bind interfaces only = yes
  interfaces = lo
  server services = ldap, kdc
  prefork children = 1
  ntlm auth = ntlmv2-only
  tls enabled = yes
  tls certfile = {folder}/cert.pem
  tls keyfile = {folder}/key.pem
  tls cafile =
  ldap server require strong auth = allow_sasl_over_tls
  {options}
"""
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
# SearchRequest of the rootDSE, which needs no bind: base "", scope base, (objectClass=*), no attributes (1.1).
ROOT_DSE = bytes.fromhex(
    "302a020101632504000a01000a0100020100020100010100870b6f626a656374436c617373300504" + b"\x031.1".hex()
)


def provision(folder):
    import logging

    from samba import dsdb
    from samba.auth import system_session
    from samba.param import LoadParm
    from samba.provision import provision as make
    from samba.samdb import SamDB

    session = system_session()
    make(
        logging.getLogger("provision"),
        session,
        targetdir=str(folder),
        realm=REALM,
        domain=DOMAIN,
        hostname=NAME,
        hostip="127.0.0.1",
        serverrole="dc",
        dns_backend="NONE",
        dom_for_fun_level=dsdb.DS_DOMAIN_FUNCTION_2008_R2,
        adminpass=ADMINISTRATOR,
        skip_sysvolacl=True,
    )
    settings = LoadParm()
    settings.load(str(folder / "etc" / "smb.conf"))
    database = SamDB(session_info=session, lp=settings, url=settings.private_path("sam.ldb"))
    for user, password in USERS.items():
        database.newuser(user, password)
    for computer, password in COMPUTERS.items():
        database.newcomputer(computer)
        database.setpassword(f"(sAMAccountName={computer}$)", password)


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        _, flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def names(folder):
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 {HOST} {NAME} localhost\n")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def answers(port):
    """Whether somebody listens, and speaks LDAP where that is in the clear."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2.0) as connection:
            if port != PORTS[0]:
                return True
            connection.settimeout(5.0)
            connection.sendall(ROOT_DSE)
            return connection.recv(1) == b"\x30"
    except OSError:
        return False


def input_ended():
    ready, _, _ = select.select([0], [], [], 0.1)
    return bool(ready) and not os.read(0, 1)


def stay(samba, alone):
    """Until the end; returns the exit status. As the first process of its namespace it is given all orphans."""
    end, said = time.monotonic() + SECONDS, False
    while alone or not input_ended():
        if alone:
            time.sleep(0.1)
        if not said:
            said = all(answers(port) for port in PORTS)
            if said:
                os.write(1, b"ready\n")
            elif time.monotonic() > end:
                print(f"the directory did not answer within {SECONDS} s", file=sys.stderr)
                return 1
        try:
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                if ended == samba.pid:
                    print("samba ended", file=sys.stderr)
                    return 1
        except ChildProcessError:
            return 1
    return 0


def clear(folder):
    """Nobody writes to the folder any more, and it is gone."""
    os.kill(-1, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    if "--provision" in sys.argv[2:]:
        return provision(folder)
    if os.getpid() != 1:
        print("this is for the first process of a namespace; see samba_dc.py", file=sys.stderr)
        return 2
    loopback_up()
    names(folder)
    subprocess.run([sys.executable, "-B", __file__, str(folder), "--provision"], check=True, stdin=subprocess.DEVNULL)
    for name in ("run", "ncalrpc"):
        (folder / name).mkdir(mode=0o755, exist_ok=True)
    settings = folder / "etc" / "smb.conf"
    options = (folder / "options").read_text().replace("\n", "\n  ")
    with settings.open("a") as more:
        more.write(SETTINGS.format(folder=folder, options=options))
    samba = subprocess.Popen(
        [SAMBA, "--foreground", "--no-process-group", "--debug-stdout", f"--configfile={settings}"],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    status = stay(samba, "--alone" in sys.argv[2:])
    if status == 0:
        clear(folder)
    return status


if __name__ == "__main__":
    sys.exit(main())
