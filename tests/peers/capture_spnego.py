#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Records what implementations of SPNEGO that others wrote say to each other when they log in by NTLM, with
the password and the session key, for unit tests and as seeds for fuzzing.

usage: tests/peers/capture_spnego.py [FILE]      default: tests/corpus/spnego/real_logins.h

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
# (client, server, the server speaks first)
LOGINS = (
    ("gss-spnego-ntlm", "gss-spnego-ntlm", False),
    ("samba-spnego", "samba-spnego", False),
    ("gss-spnego-ntlm", "samba-spnego", False),
    ("samba-spnego", "gss-spnego-ntlm", False),
    ("samba-spnego", "samba-spnego", True),
)
PER_LINE = 18

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Logins by NTLM in SPNEGO between implementations that others wrote, as they were on the wire.
// Recorded by tests/peers/capture_spnego.py.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace real_spnego_logins {

struct Token {
  const uint8_t* data;
  size_t size;
};

struct Login {
  const char* what;   // client to server
  const char* user;
  const char* domain;
  const char* password;
  Token session_key;  // exported
  Token hint;         // empty where the client speaks first
  Token legs[5];      // the client's first, by turns; empty ones at the end
};
"""


def _array(name, octets):
    lines = [octets[at : at + PER_LINE] for at in range(0, len(octets), PER_LINE)]
    body = "\n".join("    " + " ".join(f"0x{octet:02x}," for octet in line) for line in lines)
    return f"inline constexpr uint8_t {name}[] = {{\n{body}\n}};\n"


def _record(number, client_name, server_name, hint):
    client = registry.make(client_name, "client", SIDE)
    server = registry.make(server_name, "server", SIDE)
    with client, server:
        legs = [token for _, token in pair.must_establish(client, server, server_first=hint).legs]
        first = legs.pop(0) if hint else b""
        key = pair.must_share_key(client, server)
    arrays, tokens = "", []
    for name, octets in (("Key", key), ("Hint", first), *((f"Leg{i}", leg) for i, leg in enumerate(legs))):
        if not octets:
            tokens.append("{nullptr, 0}")
            continue
        arrays += _array(f"kLogin{number}{name}", octets)
        tokens.append(f"{{kLogin{number}{name}, sizeof kLogin{number}{name}}}")
    tokens += ["{nullptr, 0}"] * (7 - len(tokens))
    what = f"{client_name} to {server_name}" + (", server first" if hint else "")
    entry = f'    {{"{what}", "{SIDE.user}", "{SIDE.domain}", "{SIDE.password}",\n'
    entry += f"     {tokens[0]}, {tokens[1]},\n"
    return f"\n// {what}\n{arrays}", entry + f"     {{{', '.join(tokens[2:])}}}}},\n"


def main():
    default = ROOT / "tests" / "corpus" / "spnego" / "real_logins.h"
    file = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    arrays, entries = "", ""
    for number, login in enumerate(LOGINS, 1):
        try:
            array, entry = _record(number, *login)
        except PeerRefused as refused:
            sys.exit(f"{login}: {refused}")
        arrays += array
        entries += entry
    file.parent.mkdir(parents=True, exist_ok=True)
    table = f"\ninline constexpr Login kLogins[] = {{\n{entries}}};\n\n}}  // namespace real_spnego_logins\n"
    file.write_text(HEAD + arrays + table)
    print(f"{len(LOGINS)} logins in {file}")


main()
