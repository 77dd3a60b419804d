# SPDX-License-Identifier: Apache-2.0
"""What each part of an image takes, read from the linker's map: input sections, added up by the file they came from."""

import re
from collections import Counter

# The first that is in a file's name. Archives, then object files of the image's own.
OWNERS = (
    ("libbaresspi_mbedtls.a", "mbed TLS"),
    ("libbaresspi.a", "BareSSPI"),
    ("lwip", "lwIP"),
    ("libbaresspi_", "examples"),  # HTTP, LDAP, streams
    ("/lib/", "libc"),  # the compiler's and its C library's
    ("", "board"),
)
EXAMPLES = ("libbaresspi_http", "libbaresspi_ldap", "libbaresspi_stream", "libbaresspi_examples")
IN_FLASH, IN_RAM, IN_BOTH = {".text", ".ARM.extab", ".ARM.exidx"}, {".bss"}, {".data"}
OUTPUT = re.compile(r"^(\.[\w.]+)(?:\s|$)")
TOTAL = re.compile(r"^(\.[\w.]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)", re.M)
INPUT = re.compile(r"^ (?:(\S+)|\*fill\*)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?: (\S.*))?$")


def _owner(path):
    name = path.lower()
    for part, owner in OWNERS:
        if part in name and (owner != "examples" or any(each in name for each in EXAMPLES)):
            return owner
    return "board"


def _sections(text):
    """[output section, input section, address, octets, file] of what was linked, and of what fills gaps."""
    found_all, output, waiting = [], "", ""
    for line in text.partition("Linker script and memory map")[2].splitlines():
        if found := OUTPUT.match(line):
            output, waiting = found[1], ""
        elif re.match(r"^ \.\S+$", line):
            waiting = line.strip()  # its numbers are on the next line
        elif found := INPUT.match(line):
            if found[4] or "*fill*" in line:
                found_all.append([output, found[1] or waiting, int(found[2], 16), int(found[3], 16), found[4] or ""])
            waiting = ""
    # Texts that are merged are listed with the size that they had: what counts is where the next one begins.
    for one, after in zip(found_all, found_all[1:]):
        if one[0] == after[0]:
            one[3] = min(one[3], after[2] - one[2])
    return found_all


class Parts:
    """flash, ram: octets by owner. arenas, pools: of BareSSPI's ram, TLS's memory, and contexts and credentials."""

    def __init__(self, map_file):
        self.flash, self.ram = Counter(), Counter()
        self._variables = Counter()
        text = map_file.read_text(errors="replace")
        for output, name, _, size, path in _sections(text):
            owner = _owner(path)
            if output in IN_FLASH | IN_BOTH:
                self.flash[owner] += size
            if output in IN_RAM | IN_BOTH:
                self.ram[owner] += size
                self._variables[owner, name] += size

        # What fills the rest of an output section is the image's own.
        totals = {name: int(size, 16) for name, size in TOTAL.findall(text)}
        self.flash["board"] += sum(totals.get(name, 0) for name in IN_FLASH | IN_BOTH) - self.flash.total()
        self.ram["board"] += sum(totals.get(name, 0) for name in IN_RAM | IN_BOTH) - self.ram.total()
        self.arenas, self.pools = self._of("arenas"), self._of("_slots")

    def _of(self, word):
        return sum(size for (owner, name), size in self._variables.items() if owner == "BareSSPI" and word in name)
