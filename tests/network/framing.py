# SPDX-License-Identifier: Apache-2.0
"""Where messages begin and end in a stream, of which protocol they are, and where their parts begin.

The first octet of a message tells the protocol, so that one connection may change it: HTTP's CONNECT and then TLS
(RFC 9110 9.3.6), LDAP's bind and then SASL's buffers (RFC 4422 3.7: four octets of length, big-endian)."""

LONGEST = 1 << 24  # a length over this is no length

# RFC 8446 5.1, and 4
RECORDS = {20: "ChangeCipherSpec", 21: "alert", 22: "handshake", 23: "data"}
HANDSHAKES = {
    0: "HelloRequest",
    1: "ClientHello",
    2: "ServerHello",
    4: "NewSessionTicket",
    11: "Certificate",
    12: "ServerKeyExchange",
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
    20: "Finished",
}
# RFC 4511 4.2 to 4.14: the protocolOp's tag
OPERATIONS = {
    0x60: "bindRequest",
    0x61: "bindResponse",
    0x42: "unbindRequest",
    0x63: "searchRequest",
    0x64: "searchResultEntry",
    0x65: "searchResultDone",
    0x73: "searchResultReference",
    0x77: "extendedRequest",
    0x78: "extendedResponse",
}


class Message:
    """octets, what it is, and parts: the offsets at which its parts begin, without the first."""

    def __init__(self, octets, name, parts=()):
        self.octets, self.name = octets, name
        self.parts = tuple(sorted({part for part in parts if 0 < part < len(octets)}))


class Conversation:
    """What one direction has to know of the other: whether the last request was a CONNECT, whose answer has no
    content."""

    def __init__(self):
        self.is_connect = False


class Framer:
    """One direction of a connection: feed it what comes, take whole messages. What can be no message at all comes out
    as it is."""

    def __init__(self, conversation):
        self._conversation = conversation
        self._unread = b""
        self._encrypted = False  # TLS: handshake records have no head that could be read

    def feed(self, octets):
        self._unread += octets

    def take(self):
        """The next message, or None while it is not whole."""
        if not self._unread:
            return None
        first = self._unread[0]
        if 20 <= first <= 23:
            return self._record()
        if first == 0x30:
            return self._ldap()
        if first in (0, 1):
            return self._buffer()
        return self._http()

    def rest(self):
        """What is left when the stream ends."""
        octets, self._unread = self._unread, b""
        return Message(octets, "what is left") if octets else None

    def _cut(self, size, name, parts=()):
        if size > LONGEST:
            return self.rest()
        if len(self._unread) < size:
            return None
        octets, self._unread = self._unread[:size], self._unread[size:]
        return Message(octets, name, parts)

    # ---- TLS ----

    def _record(self):
        if len(self._unread) < 5:
            return None
        size = 5 + int.from_bytes(self._unread[3:5], "big")
        if len(self._unread) < size:
            return None
        name, parts = RECORDS[self._unread[0]], [5]
        if name == "ChangeCipherSpec":
            self._encrypted = True
        if name == "handshake" and not self._encrypted:
            names, at = [], 5
            while at + 4 <= size:
                names.append(HANDSHAKES.get(self._unread[at], f"handshake {self._unread[at]}"))
                parts += [at, at + 4]
                at += 4 + int.from_bytes(self._unread[at + 1 : at + 4], "big")
            name = "+".join(names) or name
        elif name == "handshake":
            name = "Finished"  # or a ticket: in TLS 1.2 nothing else comes behind ChangeCipherSpec
        return self._cut(size, f"TLS {name}", parts)

    # ---- LDAP ----

    def _ldap(self):
        head = _ber_head(self._unread)
        if head is None:
            return None
        start, size = head
        if len(self._unread) < start + size:
            return None if start + size <= LONGEST else self.rest()
        at = start + 2 + self._unread[start + 1]  # behind messageID
        tag = self._unread[at] if at < start + size else -1
        return self._cut(start + size, f"LDAP {OPERATIONS.get(tag, tag)}", (1, start, at))

    def _buffer(self):
        if len(self._unread) < 4:
            return None
        return self._cut(4 + int.from_bytes(self._unread[:4], "big"), "SASL buffer", (4, 20))

    # ---- HTTP ----

    def _http(self):
        end = self._unread.find(b"\r\n\r\n") + 4
        if end < 4:
            return None
        lines = self._unread[: end - 4].decode("latin-1").split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        size = self._http_size(end, lines[0], fields)
        if size is None:
            return None
        is_answer = lines[0].startswith("HTTP/")
        words = lines[0].split(" ")
        name = f"HTTP {words[1] if is_answer and len(words) > 1 else words[0]}"
        if not is_answer:
            self._conversation.is_connect = words[0] == "CONNECT"
        token = self._unread.find(b"uthenticate: ", 0, end)
        return self._cut(size, name, (len(lines[0]), len(lines[0]) + 2, token + 30 if token > 0 else 0, end - 2, end))

    def _http_size(self, end, first, fields):
        """None: it is not whole."""
        if first.startswith("HTTP/"):
            status = first[9:12]
            if status[:1] == "1" or status in ("204", "304") or (status == "200" and self._conversation.is_connect):
                return end
            if "chunked" in fields.get("transfer-encoding", ""):
                last = self._unread.find(b"0\r\n\r\n", end)
                return None if last < 0 else last + 5
            if "content-length" not in fields:
                return None  # up to the end
        return end + int(fields.get("content-length", "0"))


def _ber_head(octets):
    """(octets of tag and length, length), or None while they are not all there (X.690 8.1.3)."""
    if len(octets) < 2:
        return None
    if octets[1] < 0x80:
        return 2, octets[1]
    more = octets[1] & 0x7F
    if len(octets) < 2 + more:
        return None
    return 2 + more, int.from_bytes(octets[2 : 2 + more], "big")
