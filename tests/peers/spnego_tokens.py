# SPDX-License-Identifier: Apache-2.0
"""Tokens of SPNEGO (RFC 4178 4.2) taken apart and put together again, for those who alter one. For tokens
that are known to be sound; this is no parser for hostile ones."""

from dataclasses import dataclass

# Fields, by their numbers.
MECH_TYPES = NEG_STATE = 0
SUPPORTED_MECH = 1
TOKEN, MECH_LIST_MIC = 2, 3

ACCEPT_COMPLETED, ACCEPT_INCOMPLETE, REJECT, REQUEST_MIC = range(4)

SEQUENCE, OCTET_STRING, ENUMERATED, OID = 0x30, 0x04, 0x0A, 0x06
FRAME, INIT, RESP = 0x60, 0xA0, 0xA1
SPNEGO = bytes.fromhex("06062b0601050502")
NTLM = bytes.fromhex("060a2b06010401823702020a")
KERBEROS = bytes.fromhex("06092a864886f712010202")
MS_KERBEROS = bytes.fromhex("06092a864882f712010202")  # what Windows 2000 took it for; still sent first


def element(tag, body):
    size = len(body)
    more = b"" if size < 128 else size.to_bytes(1 if size < 256 else 2, "big")
    return bytes([tag, 128 + len(more) if more else size]) + more + body


def elements(octets):
    """The (tag, content) of each."""
    found = []
    while octets:
        length, at = octets[1], 2
        if length >= 128:
            at += length - 128
            length = int.from_bytes(octets[2:at], "big")
        found.append((octets[0], octets[at : at + length]))
        octets = octets[at + length :]
    return found


@dataclass
class NegToken:
    init: bool
    fields: dict  # by number: what stands in [number], with its own head

    @classmethod
    def read(cls, octets):
        [(tag, content)] = elements(octets)
        if tag == FRAME:
            if not content.startswith(SPNEGO):
                raise ValueError("not SPNEGO")
            [(tag, content)] = elements(content[len(SPNEGO) :])
        [(_, fields)] = elements(content)
        return cls(tag == INIT, {tag - INIT: content for tag, content in elements(fields)})

    def octets(self):
        fields = b"".join(element(INIT + number, self.fields[number]) for number in sorted(self.fields))
        token = element(INIT if self.init else RESP, element(SEQUENCE, fields))
        return element(FRAME, SPNEGO + token) if self.init else token

    def content(self, number):
        """Of a field that is an octet string, a number or an OID; b"" where it is not there."""
        return elements(self.fields[number])[0][1] if number in self.fields else b""

    @property
    def state(self):
        return self.content(NEG_STATE)[0] if not self.init and NEG_STATE in self.fields else None

    @property
    def mechanisms(self):
        """The list's OIDs, with their heads."""
        return [element(*oid) for oid in elements(self.content(MECH_TYPES))]

    def set_state(self, state):
        self.fields[NEG_STATE] = element(ENUMERATED, bytes([state]))

    def set_mechanisms(self, oids):
        self.fields[MECH_TYPES] = element(SEQUENCE, b"".join(oids))


def framing(octets):
    """The offsets of all octets that are not the mechanism's own token."""
    inner = NegToken.read(octets).content(TOKEN)
    start = octets.index(inner) if inner else 0
    return [at for at in range(len(octets)) if not start <= at < start + len(inner)]
