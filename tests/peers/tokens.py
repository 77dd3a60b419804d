# SPDX-License-Identifier: Apache-2.0
"""Where the fields of an NTLM message are ([MS-NLMP] 2.2.1), for those who alter one and for those who say
which it was. For messages that are known to be sound; this is no parser for hostile ones."""

import struct
from dataclasses import dataclass

NEGOTIATE, CHALLENGE, AUTHENTICATE = 1, 2, 3
MESSAGE_NAMES = {NEGOTIATE: "NEGOTIATE", CHALLENGE: "CHALLENGE", AUTHENTICATE: "AUTHENTICATE"}

AV_EOL, AV_FLAGS, AV_TIMESTAMP, AV_TARGET_NAME, AV_CHANNEL_BINDINGS = 0, 6, 7, 9, 10
AV_NAMES = {
    AV_EOL: "EOL",
    1: "NbComputerName",
    2: "NbDomainName",
    3: "DnsComputerName",
    4: "DnsDomainName",
    5: "DnsTreeName",
    AV_FLAGS: "Flags",
    AV_TIMESTAMP: "Timestamp",
    8: "SingleHost",
    AV_TARGET_NAME: "TargetName",
    AV_CHANNEL_BINDINGS: "ChannelBindings",
}
FLAG_NAMES = {
    0x00000001: "UNICODE",
    0x00000004: "REQUEST_TARGET",
    0x00000010: "SIGN",
    0x00000020: "SEAL",
    0x00000040: "DATAGRAM",
    0x00000200: "NTLM",
    0x00000800: "ANONYMOUS",
    0x00008000: "ALWAYS_SIGN",
    0x00010000: "TARGET_TYPE_DOMAIN",
    0x00020000: "TARGET_TYPE_SERVER",
    0x00080000: "EXTENDED_SESSIONSECURITY",
    0x00100000: "IDENTIFY",
    0x00800000: "TARGET_INFO",
    0x02000000: "VERSION",
    0x20000000: "128",
    0x40000000: "KEY_EXCH",
    0x80000000: "56",
}
MIC_PRESENT = 2  # in MsvAvFlags
NT_PROOF_STR = 16
CLIENT_CHALLENGE_HEAD = 28  # of NTLMv2_CLIENT_CHALLENGE, before its AV pairs
BEFORE_AV_PAIRS = NT_PROOF_STR + CLIENT_CHALLENGE_HEAD

FIXED = {
    NEGOTIATE: (
        ("NegotiateFlags", 12, 16),
        ("DomainNameFields", 16, 24),
        ("WorkstationFields", 24, 32),
        ("Version", 32, 40),
    ),
    CHALLENGE: (
        ("TargetNameFields", 12, 20),
        ("NegotiateFlags", 20, 24),
        ("ServerChallenge", 24, 32),
        ("Reserved", 32, 40),
        ("TargetInfoFields", 40, 48),
        ("Version", 48, 56),
    ),
    AUTHENTICATE: (
        ("LmChallengeResponseFields", 12, 20),
        ("NtChallengeResponseFields", 20, 28),
        ("DomainNameFields", 28, 36),
        ("UserNameFields", 36, 44),
        ("WorkstationFields", 44, 52),
        ("EncryptedRandomSessionKeyFields", 52, 60),
        ("NegotiateFlags", 60, 64),
        ("Version", 64, 72),
        ("MIC", 72, 88),
    ),
}


@dataclass(frozen=True)
class Field:
    name: str
    start: int
    end: int


def message_type(token):
    return struct.unpack_from("<I", token, 8)[0] if token[:8] == b"NTLMSSP\0" and len(token) >= 12 else 0


def flags(token):
    return struct.unpack_from(
        "<I", token, {NEGOTIATE: 12, CHALLENGE: 20, AUTHENTICATE: 60}[message_type(token)]
    )[0]


def flag_names(value):
    return [name for bit, name in FLAG_NAMES.items() if value & bit]


def payload(token, fields_offset):
    """(start, end) of what a Len, MaxLen, Offset triple points to."""
    length, _, start = struct.unpack_from("<HHI", token, fields_offset)
    return start, start + length


def av_pairs(token):
    """(AvId, offset of the pair, offset of its value, end) of a CHALLENGE's TargetInfo or an AUTHENTICATE's
    response."""
    if message_type(token) == CHALLENGE:
        at, end = payload(token, 40)
    else:
        at, end = payload(token, 20)
        at += BEFORE_AV_PAIRS
    pairs = []
    while at + 4 <= end:
        av_id, length = struct.unpack_from("<HH", token, at)
        pairs.append((av_id, at, at + 4, at + 4 + length))
        at += 4 + length
        if av_id == AV_EOL:
            break
    return pairs


def av_value(token, wanted):
    """The value of the pair, or None."""
    return next((token[start:end] for av_id, _, start, end in av_pairs(token) if av_id == wanted), None)


def announces_mic(authenticate):
    value = av_value(authenticate, AV_FLAGS)
    return value is not None and bool(value[0] & MIC_PRESENT)


def fields(token):
    """Every field of the message, in the order of their offsets."""
    kind = message_type(token)
    found = [Field("Signature", 0, 8), Field("MessageType", 8, 12)]
    found += [Field(*spec) for spec in FIXED[kind]]
    for name, start, _ in FIXED[kind]:
        if name.endswith("Fields"):
            found.append(Field(name.removesuffix("Fields"), *payload(token, start)))
    if kind != NEGOTIATE:
        for av_id, start, value, end in av_pairs(token):
            name = "MsvAv" + AV_NAMES.get(av_id, str(av_id))
            found += [Field(f"{name}.AvId", start, start + 2), Field(f"{name}.AvLen", start + 2, value)]
            found.append(Field(name, value, end))
    if kind == AUTHENTICATE:
        start, _ = payload(token, 20)
        found.append(Field("NTProofStr", start, start + NT_PROOF_STR))
    # An optional Version or MIC that the message does not have would lie over its payload: the later,
    # narrower field wins.
    sound = [field for field in found if field.start < field.end <= len(token)]
    return sorted(sound, key=lambda field: (field.start, -field.end))


def field_at(token, offset):
    """The narrowest field that the octet lies in."""
    holding = [field for field in fields(token) if field.start <= offset < field.end]
    name = min(holding, key=lambda field: field.end - field.start).name if holding else "padding"
    return f"{MESSAGE_NAMES[message_type(token)]}.{name}"
