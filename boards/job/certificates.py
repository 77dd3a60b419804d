# SPDX-License-Identifier: Apache-2.0
"""A certificate authority for one run, and what it signs: made by openssl into a folder that goes with the run."""

import pathlib
import subprocess
import tempfile

SECONDS = 30
DAYS = "2"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Certificates:
    """anchor: the authority's certificate. server, client: the paths of a certificate and its key, made when first asked
    for. Ask before a board boots: its clock is its host's in whole seconds, and may be one behind what is made later, which
    is not valid for it yet."""

    def __init__(self):
        self._issued = {}
        self._temporary = tempfile.TemporaryDirectory(prefix="baresspi-job-")
        self.folder = pathlib.Path(self._temporary.name)
        self.folder.chmod(0o755)  # what runs as another user reads certificates; keys stay closed
        self.anchor = self.folder / "anchor.pem"
        self._openssl(
            "req", *NEW_KEY, "-x509", "-days", DAYS, "-subj", "/CN=The job's authority",
            "-keyout", self.folder / "anchor.key", "-out", self.anchor,
        )  # fmt: skip

    def server(self, host, *addresses):
        """For a server of that name, also reached by these addresses."""
        names = [f"DNS:{host}", "DNS:localhost", *(f"IP:{address}" for address in addresses)]
        return self._issue(host, f"subjectAltName={','.join(names)}\nextendedKeyUsage=serverAuth\n")

    def client(self, user):
        return self._issue(user, "extendedKeyUsage=clientAuth\n")

    def close(self):
        self._temporary.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _issue(self, name, extensions):
        if name not in self._issued:
            self._issued[name] = self._make(name, extensions)
        return self._issued[name]

    def _make(self, name, extensions):
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request, wanted = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        wanted.write_text(extensions)
        self._openssl("req", *NEW_KEY, "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        self._openssl(
            "x509", "-req", "-in", request, "-CA", self.anchor, "-CAkey", self.folder / "anchor.key",
            "-CAcreateserial", "-days", DAYS, "-extfile", wanted, "-out", certificate,
        )  # fmt: skip
        return certificate, key

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=SECONDS)
        if done.returncode != 0:
            raise OSError(f"openssl {arguments[0]}: {done.stderr[-300:]}")
