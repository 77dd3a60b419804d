#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an image with BareSSPI is for, done once and told: it logs in to Samba, lets Samba's client in, and
talks in secret with gss-ntlmssp, both ways. boards/run builds the image and calls this.

usage: boards/job/tokens.py BOARD"""

import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "boards" / "job")]

from footprint import measure  # noqa: E402
from narrator import Narrator  # noqa: E402
from peers import pair, registry  # noqa: E402
from peers.baresspi_peer import BOARDS, PRESETS, ROLES, BareSspiPeer, image_of  # noqa: E402
from peers.peer import PeerBroken, PeerRefused, Side  # noqa: E402

SIDE = Side(spn="cifs/files.example.test")
TOOLS = {
    "mps2-an385": "arm-none-eabi-",
    "microbit": "arm-none-eabi-",
    "rv32-virt": "riscv64-unknown-elf-",
    "host": "",
}
TALK = (
    ("client", b"scan-0042.pdf: 1 of 1, what a printer would send"),
    ("server", b"stored, and what a server would answer"),
    ("client", bytes(range(256)) * 4),
    ("server", bytes(range(255, -1, -1)) * 4),
)


def _version(*command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=10).stdout
    except OSError:
        return ""
    found = re.search(r"\d+\.\d+[.\d]*", said)
    return " " + found[0] if found else ""


class Job:
    def __init__(self, board):
        self.board = board
        self.image = image_of(board)
        self.deepest = 0
        self.steps = 0

    def step(self, what, role, other, other_name, talk=False):
        self.steps += 1
        who = "This machine" if self.board == "host" else "The board boots,"
        print(f"\n{self.steps}. {who} {what}", flush=True)
        ours = BareSspiPeer(role, SIDE, self.board, self.image)
        theirs = registry.make(other, "server" if role == "client" else "client", SIDE)
        client, server = (ours, theirs) if role == "client" else (theirs, ours)
        names = (self.board, other_name) if role == "client" else (other_name, self.board)
        narrator = Narrator(*names)
        with theirs, ours:
            pair.must_establish(client, server, see=narrator.token)
            caller = getattr(server, "caller", None)
            narrator.result(f"{other_name} lets in {caller}" if caller else f"{names[1]} lets {names[0]} in")
            key = pair.must_share_key(client, server)
            narrator.result(f"the same session key on both sides, {key[:2].hex()}..{key[-2:].hex()}")
            if talk:
                self._talk(narrator, client, server)
            self._end(ours)

    def _talk(self, narrator, client, server):
        for sender, data in TALK:
            source, sink = (client, server) if sender == "client" else (server, client)
            message = source.seal(data)
            if data in message or sink.unseal(message) != data:
                raise pair.CheckFailed("a sealed message did not arrive as it was")
            shown = f'"{data.decode()}"' if data.isascii() and len(data) < 60 else f"{len(data)} octets of a file"
            narrator.message(sender, "sealed", len(message), shown)
        for sender, data in TALK[:2]:
            source, sink = (client, server) if sender == "client" else (server, client)
            signature = source.sign(data)
            sink.verify(data, signature)
            narrator.message(sender, "signature", len(signature), f"over {len(data)} octets in the clear")
        narrator.result("every message read and verified on the other side, octet for octet")

    def _end(self, ours):
        said = ours.quit()
        found = re.search(r"deepest (\d+) of (\d+)", said)
        if found:
            self.deepest = max(self.deepest, int(found[1]))
        elif self.board != "host":
            raise PeerBroken(f"the image did not end as it should: {said.strip()[-200:]!r}")

    def table(self):
        if self.board == "host":
            return
        archive = next((ROOT / "build" / PRESETS[self.board]).glob("**/libbaresspi.a"), None)
        if archive is None:
            raise PeerBroken("no libbaresspi.a beside the image")
        took = measure(TOOLS[self.board], str(self.image), str(archive))
        rows = (
            ("flash", took.flash, took.library_flash, "code, constants, first values of .data"),
            ("RAM   .data", took.data, took.library_data, ""),
            (
                "      .bss",
                took.bss,
                took.library_bss,
                "its contexts and credentials; the rest is the console's lines",
            ),
            ("stack reserved", took.stack, None, ""),
            ("      deepest seen", self.deepest, None, f"painted, over the {self.steps} boots above"),
        )
        print(f"\n{self.board}, octets{'':14}   image   of it BareSSPI")
        for name, image, library, note in rows:
            of_it = "" if library is None else f"{library:,d}"
            print(f"   {name:<22} {image:9,d}   {of_it:>9}   {note}".rstrip())


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in BOARDS:
        print(f"usage: tokens.py {'|'.join(BOARDS)}", file=sys.stderr)
        return 2
    board = sys.argv[1]
    try:
        job = Job(board)
        where = (
            "this machine"
            if board == "host"
            else f"{board}, emulated by QEMU{_version('qemu-system-arm', '--version')}"
        )
        samba = _version("ntlm_auth", "--version")
        print(f"BareSSPI on {where}: NTLM with Samba{samba} and MIT GSSAPI's gss-ntlmssp")
        roles = ROLES.get(board, ("client", "server"))
        job.step("logs in to Samba (ntlm_auth)", "client", "samba-ntlm", "Samba")
        if "server" in roles:
            job.step("lets Samba's client in", "server", "samba-ntlm", "Samba")
        job.step("logs in to gss-ntlmssp, and they talk", "client", "gss-ntlm", "gss-ntlmssp", talk=True)
        if "server" in roles:
            job.step("lets gss-ntlmssp in, and they talk", "server", "gss-ntlm", "gss-ntlmssp", talk=True)
        job.table()
    except (pair.CheckFailed, PeerRefused, PeerBroken, OSError, subprocess.SubprocessError) as error:
        print(f"   => FAILED: {error}", flush=True)
        return 1
    print("\nDone: logged in, let in, same keys, sealed messages both ways.")
    return 0


sys.exit(main())
