# SPDX-License-Identifier: Apache-2.0
"""Says what goes over the wire while it does: who to whom, which message, how many octets, and what is in
it."""

import datetime

from peers import tokens

WIDTH = 100
FILETIME_UNIX = 116444736000000000  # 1970-01-01 in 100 ns since 1601


def _names(token, offset):
    start, end = tokens.payload(token, offset)
    return token[start:end].decode("utf-16-le", "replace")


def _time_of(challenge):
    stamp = tokens.av_value(challenge, tokens.AV_TIMESTAMP)
    if stamp is None:
        return "no time"
    seconds = (int.from_bytes(stamp, "little") - FILETIME_UNIX) / 10_000_000
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%H:%M:%S UTC")


def _about(token):
    kind = tokens.message_type(token)
    if kind == tokens.NEGOTIATE:
        wanted = [
            name
            for name in tokens.flag_names(tokens.flags(token))
            if name in ("SIGN", "SEAL", "KEY_EXCH", "128")
        ]
        return "asks for " + " ".join(wanted)
    if kind == tokens.CHALLENGE:
        return f"from {_names(token, 12)}, challenge {token[24:32].hex()}, {_time_of(token)}"
    domain, user = _names(token, 28), _names(token, 36)
    parts = [f"{domain}\\{user}", "NTLMv2"]
    parts.append("MIC" if tokens.announces_mic(token) else "no MIC")
    spn = tokens.av_value(token, tokens.AV_TARGET_NAME)
    if spn:
        parts.append("for " + spn.decode("utf-16-le", "replace"))
    return ", ".join(parts)


class Narrator:
    def __init__(self, client, server):
        self._names = {"client": client, "server": server}
        self._width = max(len(client), len(server))

    def token(self, sender, token):
        receiver = "server" if sender == "client" else "client"
        message = tokens.MESSAGE_NAMES.get(tokens.message_type(token), "?")
        self._line(sender, receiver, message, len(token), _about(token))

    def message(self, sender, what, size, about):
        receiver = "server" if sender == "client" else "client"
        self._line(sender, receiver, what, size, about)

    def result(self, text):
        print(f"   => {text}", flush=True)

    def _line(self, sender, receiver, what, size, about):
        who = f"{self._names[sender]:<{self._width}} -> {self._names[receiver]:<{self._width}}"
        print(f"   {who}  {what:<12} {size:4d} octets  {about}"[: WIDTH + 20].rstrip(), flush=True)
