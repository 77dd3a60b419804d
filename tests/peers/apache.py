# SPDX-License-Identifier: Apache-2.0
"""Apache with mod_auth_gssapi, whose NTLM is gss-ntlmssp: /ntlm and /negotiate let EXAMPLE\\alice in, and X-User says
who it was. In a folder of its own, on free ports of the loopback, for as long as the object is open: `url` in the clear,
`secure_url` with TLS (mod_ssl, so OpenSSL) and a certificate for peers.tls_pki.HOST.

mod_auth_gssapi 1.6.4 has no directive for channel bindings and accepts without any, so it lets in whatever a client says
of them.

gss-ntlmssp 1.2.0 as a server wants a NEGOTIATE of 40 octets, which ours has (curl --ntlm's has 32). It gets its
accounts by the environment."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

from . import tls_pki
from .peer import PeerBroken

PROGRAM = "/usr/sbin/apache2"
MODULES = "/usr/lib/apache2/modules"
LOADED = (
    "mpm_prefork",
    "authn_core",
    "authz_core",
    "authz_user",
    "auth_gssapi",
    "headers",
    "dir",
    "env",
    "ssl",
)
SECONDS = 15
TRIES = 5

CONFIGURATION = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
DefaultRuntimeDir {folder}
Mutex file:{folder} default
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{secure_port}
{user}
SSLSessionCache none
DocumentRoot {folder}/pages
ErrorLog {folder}/error.log
LogLevel info
LogFormat "%{{remote}}p %k %>s %m %u" connections
CustomLog {folder}/connections.log connections
KeepAlive On
KeepAliveTimeout 15
StartServers {workers}
MinSpareServers {workers}
MaxSpareServers {most_workers}
MaxRequestWorkers {most_workers}
DirectoryIndex index.html
<Directory {folder}/pages>
  Require all denied
</Directory>
<Location />
  AuthType GSSAPI
  AuthName "interop"
  GssapiAllowedMech ntlmssp
  GssapiConnectionBound On
  Require valid-user
  Header always set X-User expr=%{{REMOTE_USER}}
</Location>
<VirtualHost 127.0.0.1:{secure_port}>
  ServerName {host}
  SSLEngine on
  SSLCertificateFile {certificate}
  SSLCertificateKeyFile {key}
</VirtualHost>
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Apache:
    def __init__(self, password="Passw0rd!", workers=1):
        """workers: connections that are served at once from the beginning; later up to four times as many."""
        self._workers = workers
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="apache-peer."))
        self._child = None
        try:
            self._write_pages(password)
            for _ in range(TRIES):
                if self._start(free_port(), free_port()):
                    return
            raise PeerBroken("apache2 does not listen: " + self._log())
        except BaseException:
            self.close()
            raise

    def _write_pages(self, password):
        self._folder.chmod(0o755)
        for name in ("ntlm", "negotiate"):
            page = self._folder / "pages" / name
            page.mkdir(parents=True)
            (page / "index.html").write_text(f"the page of {name}\n")
        accounts = self._folder / "accounts"
        accounts.write_text(f"EXAMPLE:alice:{password}\n")
        # As root it runs its children as www-data, who have to read the accounts.
        self._user = ""
        if os.geteuid() == 0:
            self._user = "User www-data\nGroup www-data"
            os.chown(accounts, pwd.getpwnam("www-data").pw_uid, -1)
        self._environment = {**os.environ, "NTLM_USER_FILE": str(accounts), "LC_ALL": "C"}

    def _start(self, port, secure_port):
        """False: the port was taken in the meantime, or it does not begin."""
        modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in LOADED)
        text = CONFIGURATION.format(
            folder=self._folder,
            port=port,
            secure_port=secure_port,
            user=self._user,
            host=tls_pki.HOST,
            certificate=tls_pki.certificate("server"),
            key=tls_pki.key_of("server"),
            workers=self._workers,
            most_workers=4 * self._workers,
        )
        (self._folder / "apache.conf").write_text(modules + text)
        command = [PROGRAM, "-DFOREGROUND", "-f", str(self._folder / "apache.conf")]
        with open(self._folder / "output", "wb") as output:
            try:
                # It ends by a signal to its whole process group: not ours.
                self._child = subprocess.Popen(
                    command, env=self._environment, stdout=output, stderr=output, start_new_session=True
                )
            except OSError as error:
                raise PeerBroken(f"{PROGRAM}: {error.strerror}") from error
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self._child.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1.0).close()
            except OSError:
                time.sleep(0.05)
                continue
            self.url = f"http://127.0.0.1:{port}"
            self.secure_url, self.secure_port = f"https://{tls_pki.HOST}:{secure_port}", secure_port
            return True
        self._stop()
        return False

    def served(self, count):
        """A word list for each request so far: its connection's port, how many the connection had before, status, method,
        and who. A line is written after the answer, so it waits for that many."""
        end = time.monotonic() + SECONDS
        while True:
            lines = (self._folder / "connections.log").read_text().splitlines()
            if len(lines) >= count or time.monotonic() > end:
                return [line.split() for line in lines]
            time.sleep(0.02)

    def _log(self):
        said = [
            path.read_text(errors="replace")
            for path in self._folder.glob("*")
            if path.suffix in ("", ".log") and path.name in ("output", "error.log")
        ]
        return " ".join("".join(said).split())[-500:]

    def _stop(self):
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child = None

    def close(self):
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
