# SPDX-License-Identifier: Apache-2.0
"""baresspi: the token program, as a process of this machine or as an image on a board. Flags: its --flags,
for a server too. Options: "policy", its --policy."""

from .line_peer import LinePeer
from .paths import ROOT
from .peer import PeerBroken

PRESETS = {"host": "host", "mps2-an385": "m3", "microbit": "m0", "rv32-virt": "rv32"}
ROLES = {"microbit": ("client",)}  # 16 KiB of RAM
BOARDS = tuple(PRESETS)
SECONDS_HOST, SECONDS_BOARD = 20.0, 60.0


def is_built_with(option, board, preset=None):
    """Whether the build's cache says that the option is on."""
    cache = ROOT / "build" / (preset or PRESETS[board]) / "CMakeCache.txt"
    return any(
        line.startswith(f"{option}:") and line.endswith("=ON") for line in cache.read_text().splitlines()
    )


def image_of(board, preset=None):
    """The program's file; it has to be built already."""
    folder = ROOT / "build" / (preset or PRESETS[board])
    found = [
        path
        for pattern in ("baresspi-token", "baresspi-token.elf")
        for path in folder.rglob(pattern)
        if path.is_file()
    ]
    if not found:
        raise PeerBroken(f"no baresspi-token in {folder}; cmake --preset and cmake --build come first")
    return found[0]


class BareSspiPeer(LinePeer):
    def __init__(self, role, side, board="host", image=None, package="ntlm"):
        program = [image or image_of(board)]
        if board != "host":
            program = [ROOT / "boards" / "run-image", board, *program]
        command = [*program, role, package]
        if "anon" not in (side.flags or ()):
            command += ["--user", side.user, "--domain", side.domain, "--password", side.password]
        if role == "client":
            command += ["--target", side.spn]
        if side.flags is not None:
            command += ["--flags", ",".join(side.flags) or "none"]
        if "policy" in side.options:
            command += ["--policy", side.options["policy"]]
        if side.bindings is not None:
            command += ["--cb", side.bindings.hex()]
        seconds = SECONDS_HOST if board == "host" else SECONDS_BOARD
        super().__init__("baresspi" if board == "host" else f"baresspi on {board}", command, seconds=seconds)
