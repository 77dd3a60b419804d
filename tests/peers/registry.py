# SPDX-License-Identifier: Apache-2.0
"""Peers by name."""

from .gensec_peer import GensecPeer
from .gss_peer import GssPeer
from .pyntlm_peer import PyNtlmPeer
from .samba_peer import SambaPeer

INDEPENDENT = {
    "gss-ntlm": GssPeer,
    "samba-ntlm": SambaPeer,
    "gensec-ntlm": GensecPeer,
    "pyntlm": PyNtlmPeer,
}
CLIENTS = tuple(INDEPENDENT)
SERVERS = tuple(name for name in INDEPENDENT if name != "pyntlm")


def make(name, role, side):
    return INDEPENDENT[name](role, side)
