# SPDX-License-Identifier: Apache-2.0
"""Peers by name."""

from .curl_peer import CurlPeer
from .gensec_peer import GensecPeer
from .gss_peer import GssPeer
from .pyntlm_peer import PyNtlmPeer
from .samba_peer import SambaPeer

INDEPENDENT = {
    "gss-ntlm": GssPeer,
    "samba-ntlm": SambaPeer,
    "gensec-ntlm": GensecPeer,
    "pyntlm": PyNtlmPeer,
    "curl": CurlPeer,
}
CLIENTS = tuple(INDEPENDENT)
SERVERS = ("gss-ntlm", "samba-ntlm", "gensec-ntlm")


def make(name, role, side):
    return INDEPENDENT[name](role, side)
