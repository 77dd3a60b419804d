#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A domain controller's account database, which lets Samba's GENSEC be a server without any server running.
Made once (two seconds) in build/peers/sam and kept.

    sam_database.py FOLDER      makes it, with the accounts below"""

import fcntl
import pathlib
import shutil
import subprocess
import sys

ACCOUNTS = {"alice": "Passw0rd!", "bob": "Sec0nd+Pw"}
SECONDS = 120


def settings_file():
    """The smb.conf of the database, which is made first if it is not there."""
    from .paths import BUILD
    from .peer import PeerBroken

    folder = BUILD / "sam"
    stamp = folder / "complete"
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "sam.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The settings name their folder, so a tree that was moved or copied needs a new one.
        if not stamp.exists() or stamp.read_text() != str(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            command = [sys.executable, "-B", __file__, str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
            if done.returncode != 0:
                raise PeerBroken("no account database: " + done.stderr.strip()[-400:])
            stamp.write_text(str(folder))
    return folder / "etc" / "smb.conf"


def make(folder):
    import logging

    from samba import dsdb
    from samba.auth import system_session
    from samba.param import LoadParm
    from samba.provision import provision
    from samba.samdb import SamDB

    session = system_session()
    provision(
        logging.getLogger("provision"),
        session,
        targetdir=str(folder),
        realm="EXAMPLE.TEST",
        domain="EXAMPLE",
        hostname="gensec1",
        hostip="127.0.0.1",
        serverrole="dc",
        dns_backend="NONE",
        dom_for_fun_level=dsdb.DS_DOMAIN_FUNCTION_2008_R2,
        skip_sysvolacl=True,
    )
    settings = LoadParm()
    settings.load(str(folder / "etc" / "smb.conf"))
    database = SamDB(session_info=session, lp=settings, url=settings.private_path("sam.ldb"))
    for user, password in ACCOUNTS.items():
        database.newuser(user, password)


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[1]))
