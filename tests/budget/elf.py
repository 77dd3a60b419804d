# SPDX-License-Identifier: Apache-2.0
"""What the checks need of an ELF object: its sections, its symbols, its relocations. Little-endian, 32 and 64 bits."""
import struct
from dataclasses import dataclass

SHT_SYMTAB, SHT_RELA, SHT_NOBITS, SHT_REL = 2, 4, 8, 9
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_TLS = 1, 2, 4, 0x400
STT_OBJECT, STT_FUNC, STT_SECTION = 1, 2, 3
STB_LOCAL = 0
SHN_UNDEF, SHN_LORESERVE = 0, 0xFF00
EM_ARM = 40

# Relocations of a branch, by machine; the ones of an address in a word follow from "not a branch".
ARM_BRANCHES = {10, 28, 29, 30, 51, 102}  # THM_CALL CALL JUMP24 THM_JUMP24 THM_JUMP19 THM_JUMP11


@dataclass
class Section:
    index: int
    name: str
    type: int
    flags: int
    offset: int
    size: int
    link: int
    info: int
    entsize: int

    @property
    def kind(self):
        """'text', 'rodata', 'data', 'bss', or '' for what never reaches the device."""
        if not self.flags & SHF_ALLOC:
            return ''
        if self.type == SHT_NOBITS:
            return 'bss'
        if self.flags & SHF_EXECINSTR:
            return 'text'
        # A position-independent host build puts constants that hold addresses here; no firmware does.
        if self.flags & SHF_WRITE and not self.name.startswith('.data.rel.ro'):
            return 'data'
        return 'rodata'


@dataclass
class Symbol:
    name: str
    value: int
    size: int
    type: int
    bind: int
    shndx: int

    @property
    def defined(self):
        return self.shndx != SHN_UNDEF

    @property
    def is_local(self):
        return self.bind == STB_LOCAL

    @property
    def is_function(self):
        return self.type == STT_FUNC

    @property
    def address(self):
        """value without Thumb's mark of a function."""
        return self.value & ~1 if self.is_function else self.value


@dataclass
class Relocation:
    section: int  # the section that is patched
    offset: int
    type: int
    symbol: Symbol


class Elf:
    def __init__(self, path):
        with open(path, 'rb') as f:
            self.bytes = f.read()
        if self.bytes[:4] != b'\x7fELF' or self.bytes[5] != 1:
            raise ValueError(f'{path}: not a little-endian ELF file')
        self.is64 = self.bytes[4] == 2
        self.machine = struct.unpack_from('<H', self.bytes, 18)[0]
        self.sections = self._sections()
        self.symbols = self._symbols()
        self.relocations = self._relocations()

    def _sections(self):
        at = '<QIHHHHHH' if self.is64 else '<IIHHHHHH'
        header = struct.unpack_from(at, self.bytes, 40 if self.is64 else 32)
        start, entsize, count, names = header[0], header[5], header[6], header[7]
        form = '<IIQQQQIIQQ' if self.is64 else '<IIIIIIIIII'
        raw = [struct.unpack_from(form, self.bytes, start + i * entsize) for i in range(count)]
        return [Section(i, self._string(raw[names][4], r[0]), r[1], r[2], r[4], r[5], r[6], r[7], r[9])
                for i, r in enumerate(raw)]

    def _string(self, table, offset):
        start = table + offset
        return self.bytes[start:self.bytes.index(b'\0', start)].decode()

    def _symbols(self):
        symbols = []
        for section in self.sections:
            if section.type != SHT_SYMTAB:
                continue
            names = self.sections[section.link].offset
            for at in range(section.offset, section.offset + section.size, section.entsize):
                if self.is64:
                    name, info, _, shndx, value, size = struct.unpack_from('<IBBHQQ', self.bytes, at)
                else:
                    name, value, size, info, _, shndx = struct.unpack_from('<IIIBBH', self.bytes, at)
                symbols.append(Symbol(self._string(names, name), value, size, info & 15, info >> 4, shndx))
        return symbols

    def _relocations(self):
        found = []
        for section in self.sections:
            if section.type not in (SHT_REL, SHT_RELA):
                continue
            for at in range(section.offset, section.offset + section.size, section.entsize):
                if self.is64:
                    offset, info = struct.unpack_from('<QQ', self.bytes, at)
                    symbol, kind = info >> 32, info & 0xFFFFFFFF
                else:
                    offset, info = struct.unpack_from('<II', self.bytes, at)
                    symbol, kind = info >> 8, info & 0xFF
                found.append(Relocation(section.info, offset, kind, self.symbols[symbol]))
        return found

    def symbols_in(self, section):
        """The symbols that name bytes of the section, mapping symbols ($t, $d) left out."""
        return [s for s in self.symbols
                if s.shndx == section.index and s.type in (STT_OBJECT, STT_FUNC)]

    def function_at(self, section_index, offset):
        for s in self.symbols:
            if s.is_function and s.shndx == section_index and s.address <= offset < s.address + max(s.size, 1):
                return s
        return None
