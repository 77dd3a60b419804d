# SPDX-License-Identifier: Apache-2.0
"""What each symbol of the core takes in the linked image, out of the linker's map."""
import os
import re
from collections import defaultdict

from elf import Elf

_SECTION = re.compile(r'^ (\.[^\s]+|COMMON)\s*(?:(0x[0-9a-f]+)\s+(0x[0-9a-f]+)(?:\s+(.+))?)?$')
_REST = re.compile(r'^\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+(.+)$')


def input_sections(map_path):
    """(input section, size, object) of everything that the linker kept."""
    with open(map_path) as f:
        text = f.read()
    lines = text[text.index('Linker script and memory map'):].split('\n')
    pending = None
    for line in lines:
        section = _SECTION.match(line)
        if section:
            name, address, size, file = section.groups()
            if address is None:
                pending = name  # a long name: the numbers are on the next line
                continue
            if file:
                yield name, int(size, 16), file
            pending = None
            continue
        rest = _REST.match(line)
        if rest and pending:
            yield pending, int(rest.group(2), 16), rest.group(3)
        pending = None


def _member(path):
    """libc.a's strlen.o of /usr/.../libc.a(libc_a-strlen.o): the archive and what it holds."""
    archive, _, member = os.path.basename(path).partition('(')
    return f'{archive} {member[:-1]}' if member else archive


class Sizes:
    """flash, data and bss of the core's part of an image, by folder and by symbol."""

    def __init__(self, build, demangle):
        objects = {os.path.abspath(o.path): o for o in build.objects}
        self.by_folder = defaultdict(int)  # flash: text, constants, initial values of data
        self.symbols = defaultdict(int)  # (kind, name) -> bytes
        self.runtime = defaultdict(int)  # flash of the C library and the compiler's runtime, by object
        self.mbedtls = defaultdict(int)  # flash of what is linked of mbed TLS, by source
        self.mbedtls_ram = defaultdict(int)
        totals = defaultdict(int)
        programs = {os.path.abspath(p) for p in build.programs}
        mbedtls = {os.path.abspath(p) for p in build.mbedtls}
        for name, size, file in input_sections(build.map):
            if size == 0:
                continue
            path = os.path.abspath(os.path.join(build.root, file))
            object_ = objects.get(path)
            if object_ is None:
                kind = name.split('.')[1] if name.startswith('.') else name
                if path in mbedtls:
                    source = os.path.basename(path)[:-len('.o')] + '.c'
                    if kind in ('text', 'rodata', 'data'):
                        self.mbedtls[source] += size
                    if kind in ('data', 'bss', 'COMMON'):
                        self.mbedtls_ram[source] += size
                elif path not in programs and kind in ('text', 'rodata', 'data', 'ARM'):
                    self.runtime[_member(path)] += size
                continue
            section = next(s for s in object_.elf.sections if s.name == name or (name == 'COMMON' and s.name == '.bss'))
            if not section.kind:
                continue
            totals[section.kind] += size
            if section.kind != 'bss':
                self.by_folder[object_.folder] += size
            named = object_.elf.symbols_in(section)
            label = demangle(named[0].name) if len(named) == 1 else f'{object_.source} {name}'
            self.symbols[(section.kind, label)] += size
        self.text, self.rodata, self.data, self.bss = (totals[k] for k in ('text', 'rodata', 'data', 'bss'))
        self.flash = self.text + self.rodata + self.data


def whole_flash(build):
    """All that the objects hold, used or not."""
    return sum(s.size for o in build.objects for s in o.elf.sections if s.kind in ('text', 'rodata', 'data'))


def slot_sizes(path):
    """{name: bytes} of the objects that slots.cpp declares as large as what they are named after."""
    prefix = 'baresspi_budget_'
    return {s.name[len(prefix):]: s.size for s in Elf(path).symbols if s.name.startswith(prefix)}
