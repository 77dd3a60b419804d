# SPDX-License-Identifier: Apache-2.0
"""What an image takes of a board's memory, read from the image itself with the compiler's own nm."""

import subprocess
from dataclasses import dataclass

SECONDS = 30
IN_FLASH, IN_DATA, IN_BSS = "tTrRvVwW", "dD", "bB"


@dataclass(frozen=True)
class Footprint:
    flash: int  # .text with .rodata, and the first values of .data
    data: int
    bss: int
    stack: int  # reserved
    library_flash: int  # of them, BareSSPI itself: what the linker took of the library's archive
    library_data: int
    library_bss: int


def _run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS).stdout


def _sections(tools, image):
    sizes = {}
    for line in _run(f"{tools}size", "-A", image).splitlines():
        words = line.split()
        if len(words) == 3 and words[0].startswith("."):
            sizes[words[0]] = int(words[1])
    return sizes


def _symbols_of(tools, archive):
    names = set()
    for line in _run(f"{tools}nm", "--defined-only", "--format=posix", archive).splitlines():
        words = line.split()
        if len(words) >= 2 and not words[0].startswith("$"):  # $t and $d tell code from data
            names.add(words[0])
    return names


def measure(tools, image, archive):
    """tools: the prefix of the compiler's tools, arm-none-eabi- for one."""
    sections = _sections(tools, image)
    ours = _symbols_of(tools, archive)
    library = {IN_FLASH: 0, IN_DATA: 0, IN_BSS: 0}
    for line in _run(f"{tools}nm", "--defined-only", "--print-size", "--format=posix", image).splitlines():
        words = line.split()
        if len(words) < 4 or words[0] not in ours:
            continue
        for kinds in library:
            if words[1] in kinds:
                library[kinds] += int(words[3], 16)
    data = sections.get(".data", 0)
    program = sum(sections.get(name, 0) for name in (".text", ".ARM.extab", ".ARM.exidx"))
    return Footprint(
        flash=program + data,
        data=data,
        bss=sections.get(".bss", 0),
        stack=sections.get(".stack", 0),
        library_flash=library[IN_FLASH] + library[IN_DATA],
        library_data=library[IN_DATA],
        library_bss=library[IN_BSS],
    )
