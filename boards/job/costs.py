# SPDX-License-Identifier: Apache-2.0
"""Instructions of each kind of login on the board: in a boot of its own, in which QEMU counts them (-icount), by the
device's command `cost`. What the board executes is counted, its TCP/IP and driver among it; waiting for the other side,
and what that does, is not."""

import re

import page
import web
from peers.baresspi_http import get
from peers.device import Device
from peers.samba_web import SambaWeb
from peers import tls_pki
from story import must

COUNTING = ("-icount", "shift=0")
COST = re.compile(r"^cost: (\d+) instructions", re.M)


def cost_of(device, words, status=0):
    got, text = device.run(["cost", *words])
    found = COST.search(text)
    must(got == status and found, f"cost {web.shown(words)}: {got} {text[-200:]} {device.complaint[-200:]}")
    return int(found[1])


def _page_costs(device, certificates):
    """A login at the page: with it, less without."""
    own = page.Page(certificates)

    def serving(logins):
        with device.serve(own.words, cost=True) as up:
            for _ in range(logins):
                where = ("--connect", f"127.0.0.1:{up.port}", "--trust", own.anchor)
                answer = get(f"https://{page.HOST}/whoami", *where, *page.ACCOUNT)
                must(answer.status == 200, f"the page answers {answer.status}")
        return int(COST.search(up.text)[1])

    return serving(1) - serving(0)


def _resumed(device):
    """One connection inside TLS; and a second behind it, which resumes the first's session."""
    with SambaWeb(certificate="server") as server:
        url = f"https://{tls_pki.HOST}/whoami"
        where = ("--connect", f"{device.host}:{server.port}", "--trust", tls_pki.ROOTS, *web.ACCOUNT)
        one, two = (cost_of(device, ("get", *(url,) * count, "--apart", *where)) for count in (1, 2))
    return one, two - one


def measure(board, certificates):
    """(what, instructions) in the order of the table."""
    with Device(board, qemu=COUNTING) as device, web.Web(device, certificates) as server:
        plain = {scheme: cost_of(device, server.get_plain(f"--{scheme}")) for scheme in ("ntlm", "negotiate")}
        full, resumed = _resumed(device)
        return [
            ("a page by HTTP with NTLM", plain["ntlm"]),
            ("a page by HTTP with Negotiate", plain["negotiate"]),
            ("a page by HTTPS with Negotiate: whole handshake, bindings", full),
            ("the same, the handshake resumed", resumed),
            ("its own page: handshake and Negotiate of one caller", _page_costs(device, certificates)),
        ]
