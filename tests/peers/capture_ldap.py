#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Records what Samba's directory says, for unit tests (every truncation, every flipped bit). The messages are asked for
inside TLS, so that the bind may be a simple one and what follows is as it is.

usage: tests/peers/capture_ldap.py [FILE]      default: tests/corpus/ldap/messages.h

Run clang-format on it. Messages end with the answer to their request; what was asked is told beside them."""

import pathlib
import socket
import ssl
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.ldap_relay import Reader, element  # noqa: E402
from peers.paths import ROOT  # noqa: E402
from peers.samba_dc import SambaDc  # noqa: E402

BASE = "DC=example,DC=test"
NTLM_NEGOTIATE = b"NTLMSSP\0\1\0\0\0" + bytes.fromhex("158208e2") + bytes(16) + bytes.fromhex("0a00614a0000000f")
LAST = {0x61, 0x65}  # BindResponse, SearchResultDone

HEAD = """// SPDX-License-Identifier: Apache-2.0
// What the directory of a Samba domain controller answered, as it was inside TLS. Recorded by
// tests/peers/capture_ldap.py.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace real_ldap_messages {

struct Message {
  const char* asked;
  uint8_t operation;
  const uint8_t* data;
  size_t size;
};
"""


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    return bytes([tag]) + (bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")) + content


def bind(name, password):
    return tlv(0x60, tlv(2, b"\3"), tlv(4, name.encode()), tlv(0x80, password.encode()))


def sasl(token):
    return tlv(0x60, tlv(2, b"\3"), tlv(4), tlv(0xA3, tlv(4, b"GSS-SPNEGO"), tlv(4, token)))


def search(base, scope, attribute, value, *wanted):
    fixed = tlv(10, bytes([scope])) + tlv(10, b"\0") + tlv(2, b"\0") + tlv(2, b"\0") + tlv(1, b"\0")
    asked = tlv(0x87, attribute.encode())
    if value != "*":
        asked = tlv(0xA3, tlv(4, attribute.encode()), tlv(4, value.encode()))
    return tlv(0x63, tlv(4, base.encode()), fixed, asked, tlv(0x30, *(tlv(4, name.encode()) for name in wanted)))


ASKED = (
    ("a SASL bind's first token", sasl(NTLM_NEGOTIATE)),
    ("a simple bind, wrong password", bind("EXAMPLE\\alice", "wrong")),
    ("a simple bind", bind("EXAMPLE\\alice", "Passw0rd!")),
    ("the root's defaultNamingContext", search("", 0, "objectClass", "*", "defaultNamingContext")),
    ("a computer's entry", search(BASE, 2, "sAMAccountName", "DEV1$")),
    ("a base that is not there", search("CN=Nowhere," + BASE, 2, "cn", "x", "cn")),
    ("a base that is elsewhere", search("DC=elsewhere,DC=test", 2, "cn", "x", "cn")),
)


def ask():
    """In the controller's network: prints the request's number, the operation and the message, in hexadecimal."""
    context = ssl._create_unverified_context()
    with context.wrap_socket(socket.create_connection(("127.0.0.1", 636))) as connection:
        reader = Reader(connection)
        for number, (_, request) in enumerate(ASKED):
            connection.sendall(tlv(0x30, tlv(2, bytes([number + 1])), request))
            operation = 0
            while operation not in LAST:
                message = reader.message()
                start = element(message)[0]
                operation = message[start + 2 + message[start + 1]]
                print(number, operation, message.hex())


def main():
    if sys.argv[1:] == ["--ask"]:
        return ask()
    file = pathlib.Path(sys.argv[1]) if sys.argv[1:] else ROOT / "tests" / "corpus" / "ldap" / "messages.h"
    with SambaDc() as dc:
        command = [sys.executable, "-B", __file__, "--ask"]
        said = dc.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    arrays, entries = "", ""
    for index, line in enumerate(said.splitlines(), 1):
        number, operation, octets = line.split()
        listed = textwrap.fill(" ".join(f"0x{octet:02x}," for octet in bytes.fromhex(octets)), 100)
        arrays += f"\ninline constexpr uint8_t kMessage{index}[] = {{{listed}}};"
        entries += f'{{"{ASKED[int(number)][0]}", {int(operation):#x}, kMessage{index}, sizeof kMessage{index}}},\n'
    file.parent.mkdir(parents=True, exist_ok=True)
    table = f"\n\ninline constexpr Message kMessages[] = {{\n{entries}}};\n\n}}  // namespace real_ldap_messages\n"
    file.write_text(HEAD + arrays + table)
    return print(f"{len(said.splitlines())} messages in {file}")


if __name__ == "__main__":
    main()
