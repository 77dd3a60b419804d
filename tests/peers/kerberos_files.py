# SPDX-License-Identifier: Apache-2.0
"""A Kerberos configuration, credential cache and keytab that were made up: no KDC exists, and nobody can
check the ticket, but a client that has it offers Kerberos and sends a request with it, which is what a
server without Kerberos has to be able to pass over.

The cache and the keytab are MIT's file formats, versions 4 and 2; the ticket is RFC 4120's 5.3."""

import pathlib
import struct
import tempfile
import time

from .spnego_tokens import OCTET_STRING, SEQUENCE, element

REALM = "EXAMPLE.TEST"
CLIENT = "alice"
INTEGER, GENERAL_STRING, TICKET, TAG = 0x02, 0x1B, 0x61, 0xA0
AES256 = 18
KEY = bytes(range(32))
NT_PRINCIPAL, NT_SRV_INST, NT_SRV_HST = 1, 2, 3
INITIAL = 0x00400000  # the ticket's flag that says that it is a logon's
LIFETIME = 36000

CONFIGURATION = f"""[libdefaults]
 default_realm = {REALM}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[domain_realm]
 localhost = {REALM}
 .example.test = {REALM}
[realms]
 {REALM} = {{
  kdc = 127.0.0.1:1
 }}
"""


def _integer(value):
    return element(INTEGER, bytes([value]))


def _string(text):
    return element(GENERAL_STRING, text.encode())


def _sequence(*fields):
    """With the tags [0], [1], ..."""
    return element(SEQUENCE, b"".join(element(TAG + number, field) for number, field in enumerate(fields)))


def _ticket(kind, names):
    name = _sequence(_integer(kind), element(SEQUENCE, b"".join(map(_string, names))))
    sealed = _sequence(_integer(AES256), _integer(1), element(OCTET_STRING, KEY * 6))
    return element(TICKET, _sequence(_integer(5), _string(REALM), name, sealed))


def _counted(octets, form=">I"):
    return struct.pack(form, len(octets)) + octets


def _principal(kind, names):
    parts = [_counted(text.encode()) for text in (REALM, *names)]
    return struct.pack(">II", kind, len(names)) + b"".join(parts)


def _cached(kind, names):
    now = int(time.time())
    return (
        _principal(NT_PRINCIPAL, (CLIENT,))
        + _principal(kind, names)
        + struct.pack(">H", AES256)
        + _counted(KEY)
        + struct.pack(">IIII?III", now - 60, now - 60, now + LIFETIME, 0, False, INITIAL, 0, 0)
        + _counted(_ticket(kind, names))
        + _counted(b"")
    )


def _keytab(names):
    parts = b"".join(_counted(text.encode(), ">H") for text in (REALM, *names))
    entry = struct.pack(">H", len(names)) + parts + struct.pack(">IIB", NT_SRV_HST, int(time.time()), 1)
    entry += struct.pack(">H", AES256) + _counted(KEY, ">H")
    return b"\x05\x02" + _counted(entry)


class KerberosFiles:
    """For a client that would log in to a service, or for that service. environment: what Kerberos finds
    them by."""

    def __init__(self, spn):
        self._folder = tempfile.TemporaryDirectory(prefix="kerberos-peer.")
        folder = pathlib.Path(self._folder.name)
        names = tuple(spn.split("/"))
        cache = b"\x05\x04\0\0" + _principal(NT_PRINCIPAL, (CLIENT,))
        cache += _cached(NT_SRV_INST, ("krbtgt", REALM)) + _cached(NT_SRV_HST, names)
        files = {"krb5.conf": CONFIGURATION.encode(), "cache": cache, "keytab": _keytab(names)}
        for name, octets in files.items():
            (folder / name).write_bytes(octets)
            (folder / name).chmod(0o600)  # Heimdal opens no other
        self.environment = {
            "KRB5_CONFIG": str(folder / "krb5.conf"),
            "KRB5CCNAME": f"FILE:{folder / 'cache'}",
            "KRB5_KTNAME": f"FILE:{folder / 'keytab'}",
        }

    def close(self):
        self._folder.cleanup()
