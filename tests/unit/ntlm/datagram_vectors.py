#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes datagram_vectors.h: protected messages of NTLM's datagram mode ([MS-NLMP] 3.4.2 to 3.4.5), worked out with Python's
hashlib and hmac and an RC4 of its own, since no other implementation at hand speaks this mode.

python3 datagram_vectors.py > datagram_vectors.h
"""

import hashlib
import hmac

SESSION_KEY = bytes([0x55] * 16)
BITS_128, BITS_56 = 0x20000000, 0x80000000
TEXTS = ["".encode(), "datagram".encode(), "Plaintext".encode("utf-16-le"), bytes(range(40))]


def rc4(key, data):
    table = list(range(256))
    j = 0
    for i in range(256):
        j = (j + table[i] + key[i % len(key)]) % 256
        table[i], table[j] = table[j], table[i]
    out = bytearray()
    i = j = 0
    for octet in data:
        i = (i + 1) % 256
        j = (j + table[i]) % 256
        table[i], table[j] = table[j], table[i]
        out.append(octet ^ table[(table[i] + table[j]) % 256])
    return bytes(out)


def magic_key(key, sender, purpose):
    other = "server" if sender == "client" else "client"
    text = f"session key to {sender}-to-{other} {purpose} key magic constant"
    return hashlib.md5(key + text.encode() + b"\0").digest()


def seal_key(flags, sender):
    size = 16 if flags & BITS_128 else 7 if flags & BITS_56 else 5
    return magic_key(SESSION_KEY[:size], sender, "sealing")


def protect(flags, sender, number, text, seal):
    """The data as it goes out, and its signature. Each message has a cipher of its own, keyed with MD5 of the sealing key
    and the message's number; data and checksum are encrypted with it, one after the other."""
    octets = number.to_bytes(4, "little")
    checksum = hmac.new(magic_key(SESSION_KEY, sender, "signing"), octets + text, hashlib.md5).digest()[:8]
    encrypted = rc4(hashlib.md5(seal_key(flags, sender) + octets).digest(), (text if seal else b"") + checksum)
    data = encrypted[:-8] if seal else text
    return data, b"\1\0\0\0" + encrypted[-8:] + octets


def main():
    print("// SPDX-License-Identifier: Apache-2.0")
    print("// Made by datagram_vectors.py; do not edit.")
    print("#pragma once\n")
    print("#include <stdint.h>\n")
    print("namespace ntlm_test {\n")
    print("// Under the session key 55..55, with key exchange, as datagram mode always has it. All octets in hex.")
    print("struct DatagramVector {")
    print("  uint32_t bits;  // of the flags: 128, 56 or neither")
    print("  bool by_client;")
    print("  uint32_t number;")
    print("  bool sealed;  // else signed alone")
    print("  const char* text;")
    print("  const char* data;")
    print("  const char* signature;")
    print("};")
    print("// clang-format off")
    print("inline constexpr DatagramVector kDatagramVectors[] = {")
    numbers = [0, 1, 2, 77, 0x80000000, 0xFFFFFFFF]
    for flags in (BITS_128 | BITS_56, BITS_56, 0):
        for sender in ("client", "server"):
            for index, number in enumerate(numbers if flags & BITS_128 else numbers[:3]):
                text = TEXTS[(index + 1) % len(TEXTS)]
                for seal in (True, False):
                    data, signature = protect(flags, sender, number, text, seal)
                    row = [f"0x{flags:08X}", str(sender == "client").lower(), f"0x{number:08X}", str(seal).lower()]
                    row += [f'"{octets.hex()}"' for octets in (text, data, signature)]
                    print("    {" + ", ".join(row) + "},")
    print("};")
    print("// clang-format on\n")
    print("}  // namespace ntlm_test")


main()
