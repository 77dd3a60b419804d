#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Records what implementations that others wrote say to each other when they log in, with the password and
the session key, for unit tests (every truncation, every flipped bit) and as seeds for fuzzing.

usage: tests/peers/capture.py [FILE]      default: tests/corpus/ntlm/real_logins.h

A new recording has new challenges and keys, so it is made only when a pairing is added. Run clang-format on
it."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import pair, registry  # noqa: E402
from peers.paths import ROOT  # noqa: E402
from peers.peer import PeerRefused, Side  # noqa: E402

SIDE = Side()
BOUND = SIDE.but(bindings=b"tls-server-end-point:" + bytes(range(32)))
NO_SEALING = SIDE.but(options={"features": ()})
NO_EXCHANGE = SIDE.but(options={"ntlmssp_client:keyexchange": "no"})
SIGNING = SIDE.but(options={"features": ("SESSION_KEY", "SIGN")})
ABROAD = SIDE.but(user="οδυσσεύς", domain="ITHAKA", password="Μολών λαβέ")
# (what is special, client, its side, server, its side)
LOGINS = (
    ("MIC", "samba-ntlm", SIDE, "samba-ntlm", SIDE),
    ("MIC, all names of a domain controller", "gensec-ntlm", SIDE, "gensec-ntlm", SIDE),
    ("no MIC", "gss-ntlm", SIDE, "gss-ntlm", SIDE),
    ("no MIC, channel bindings", "gss-ntlm", BOUND, "gss-ntlm", BOUND),
    ("NEGOTIATE with empty names behind its end, no target information", "pyntlm", SIDE, "samba-ntlm", SIDE),
    ("NEGOTIATE of 32 octets, no key exchange, no MIC", "curl", SIDE, "samba-ntlm", NO_SEALING),
    ("MIC, no key exchange", "gensec-ntlm", NO_EXCHANGE, "gensec-ntlm", SIDE),
    ("MIC, signing only", "gensec-ntlm", SIGNING, "gss-ntlm", SIDE),
    ("MIC, Greek names and password", "samba-ntlm", ABROAD, "samba-ntlm", ABROAD),
)
LEGS = ("negotiate", "challenge", "authenticate")
PER_LINE = 18

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Logins between implementations of NTLM that others wrote, as they were on the wire.
// Recorded by tests/peers/capture.py.
#ifndef BARESSPI_TESTS_CORPUS_NTLM_REAL_LOGINS_H
#define BARESSPI_TESTS_CORPUS_NTLM_REAL_LOGINS_H

#include <stddef.h>
#include <stdint.h>

namespace real_logins {

struct Token {
  const uint8_t* data;
  size_t size;
};

struct Login {
  const char* what;  // client to server, and what is special
  const char* user;  // UTF-8, as the next two
  const char* domain;
  const char* password;
  Token session_key;  // exported; empty where neither side tells it
  Token negotiate;
  Token challenge;
  Token authenticate;
};
"""


def _array(name, octets):
    lines = [octets[at : at + PER_LINE] for at in range(0, len(octets), PER_LINE)]
    body = "\n".join("    " + " ".join(f"0x{octet:02x}," for octet in line) for line in lines)
    return f"inline constexpr uint8_t {name}[] = {{\n{body}\n}};\n"


def _text(text):
    """As escapes, so that the file is ASCII; a break after each, lest a digit that follows be taken for its
    own."""
    return (
        '"'
        + "".join(chr(o) if 32 <= o < 127 and o not in b'"\\' else f"\\{o:03o}" for o in text.encode())
        + '"'
    )


def _record(number, what, client_name, client_side, server_name, server_side):
    client = registry.make(client_name, "client", client_side)
    server = registry.make(server_name, "server", server_side)
    with client, server:
        outcome = pair.must_establish(client, server)
        octets = dict(zip(LEGS, (token for _, token in outcome.legs), strict=True))
        try:
            octets["session_key"] = server.session_key()
        except PeerRefused:
            octets["session_key"] = b""
        if "key" in client.can and octets["session_key"]:
            pair.must_share_key(client, server)
    arrays, entry = (
        "",
        f"    {{{_text(f'{client_name} to {server_name}: {what}')}, {_text(client_side.user)},\n",
    )
    entry += f"     {_text(client_side.domain)}, {_text(client_side.password)}"
    for part in ("session_key", *LEGS):
        if octets[part]:
            name = f"kLogin{number}" + part.title().replace("_", "")
            arrays += _array(name, octets[part])
            entry += f",\n     {{{name}, sizeof {name}}}"
        else:
            entry += ",\n     {nullptr, 0}"
    return arrays, entry + "},\n"


def main():
    file = (
        pathlib.Path(sys.argv[1])
        if len(sys.argv) > 1
        else ROOT / "tests" / "corpus" / "ntlm" / "real_logins.h"
    )
    arrays, entries = "", ""
    for number, login in enumerate(LOGINS, 1):
        array, entry = _record(number, *login)
        arrays += f"\n// {login[1]} to {login[3]}: {login[0]}\n{array}"
        entries += entry
    file.parent.mkdir(parents=True, exist_ok=True)
    foot = "\n}  // namespace real_logins\n\n#endif\n"
    table = f"\ninline constexpr Login kLogins[] = {{\n{entries}}};\n"
    file.write_text(HEAD + arrays + table + foot)
    print(f"{len(LOGINS)} logins in {file}")


main()
