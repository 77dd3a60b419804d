# SPDX-License-Identifier: Apache-2.0
"""The certificates and keys of tests/support/pki, for programs of others."""

import base64
import functools
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "support" / "pki" / "pem"
HOST = "device.example.test"  # whom the servers' certificates are for
ROOTS = FOLDER / "roots.pem"


def certificate(name):
    return FOLDER / f"{name}.pem"


def key_of(name):
    """The key of a certificate: several certificates share one."""
    exact = FOLDER / f"{name}.key"
    return exact if exact.exists() else FOLDER / f"{name.partition('-')[0]}.key"


@functools.cache
def der(name):
    """The first certificate of the file."""
    text = certificate(name).read_text()
    body = text.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    return base64.b64decode(body)
