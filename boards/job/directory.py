# SPDX-License-Identifier: Apache-2.0
"""The device at a directory: Samba's domain controller, in a network of its own, where the device is started too. It
logs in by its computer account and looks itself up."""

from costs import COUNTING, cost_of
from peers.device import Device
from peers.samba_dc import SambaDc
from story import must
from web import shown

ACCOUNT = ("--user", "DEV1$", "--domain", "EXAMPLE", "--password", "Dev1+Passw0rd")
WANTED = ("--attribute", "sAMAccountName", "--attribute", "userAccountControl")
WHO = "bind: EXAMPLE\\DEV1$ by Negotiate (NTLM)"


class Directory:
    """What the device is told to search there."""

    def __init__(self, controller, device):
        self._plain = (f"ldap://{controller.host}", "--connect", f"{device.host}:389")
        self._secure = (f"ldaps://{controller.host}", "--connect", f"{device.host}:636", "--trust", controller.trust)

    def search(self, *options, account=ACCOUNT):
        return ("search", *self._plain, *account, *options, *WANTED)

    def search_inside_tls(self):
        return ("search", *self._secure, *ACCOUNT, *WANTED)


def _ask(story, device, words, status=0):
    story.line(f"> {shown(words)}")
    got, text = device.run(words)
    story.line("\n".join(line for line in text.splitlines() if line))
    story.line(device.complaint)
    must(got == status, f"exit status {got}, not {status}: {text[-200:]} {device.complaint[-200:]}")
    return text


def _tell(story, controller, device):
    there = Directory(controller, device)
    story.step(f"Its own account at the directory {controller.host}, Samba's: LDAP, signed and sealed")
    text = _ask(story, device, there.search())
    must(WHO in text and "sAMAccountName: DEV1$" in text and "entries: 1" in text, "not its own entry")
    story.result("found; nobody on the way could read or change it")

    story.step("The same, signed alone")
    text = _ask(story, device, there.search("--sign"))
    must(WHO in text and "entries: 1" in text, "not its own entry")

    story.step("The same inside TLS (LDAPS); the login tells the directory which connection it is made over")
    text = _ask(story, device, there.search_inside_tls())
    must(WHO in text and "sAMAccountName: DEV1$" in text, "not its own entry")
    story.result("let in; Samba 4.17 does not check these bindings, Windows does")

    story.step("A wrong password")
    _ask(story, device, there.search(account=(*ACCOUNT[:-1], "wrong")), status=1)
    story.result("refused")
    device.must_be_idle()
    return device.use()


def _costs(controller, board):
    with Device(board, prefix=controller.command([]), qemu=COUNTING) as device:
        there = Directory(controller, device)
        return [
            ("LDAP: a sealed login, the base, the account, unbind", cost_of(device, there.search())),
            ("LDAPS: whole handshake, login, the same", cost_of(device, there.search_inside_tls())),
        ]


def tell(story, board):
    """What was in use, and what the logins cost, as costs.measure."""
    with SambaDc() as controller:
        with Device(board, prefix=controller.command([])) as device:
            use = _tell(story, controller, device)
        return use, [] if board == "host" else _costs(controller, board)
