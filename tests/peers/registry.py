# SPDX-License-Identifier: Apache-2.0
"""Peers by name."""

from .curl_peer import CurlPeer
from .gensec_peer import GensecPeer
from .gss_peer import GssPeer
from .pyntlm_peer import PyNtlmPeer
from .samba_peer import SambaPeer
from .spnego_peers import GensecSpnegoPeer, GssSpnegoNtlmPeer, GssSpnegoPeer, SambaSpnegoPeer

INDEPENDENT = {
    "gss-ntlm": GssPeer,
    "samba-ntlm": SambaPeer,
    "gensec-ntlm": GensecPeer,
    "pyntlm": PyNtlmPeer,
    "curl": CurlPeer,
}
CLIENTS = tuple(INDEPENDENT)
SERVERS = ("gss-ntlm", "samba-ntlm", "gensec-ntlm")
# The same three in SPNEGO, each as client and as server.
SPNEGO = {
    "gss-spnego": GssSpnegoPeer,
    "gss-spnego-ntlm": GssSpnegoNtlmPeer,
    "samba-spnego": SambaSpnegoPeer,
    "gensec-spnego": GensecSpnegoPeer,
}


def package_of(name):
    """What BareSSPI calls that which the peer speaks."""
    return "negotiate" if name in SPNEGO else "ntlm"


def make(name, role, side):
    return (INDEPENDENT | SPNEGO)[name](role, side)
