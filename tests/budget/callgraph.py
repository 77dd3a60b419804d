# SPDX-License-Identifier: Apache-2.0
"""The call graph of a core, out of gcc's -fcallgraph-info=su (VCG) files and, since those leave out what the assembler adds,
out of the objects' relocations too; what an indirect call may reach comes from indirect_calls.txt. On it: cycles, frames whose
size is not known, and the deepest stack below each function."""
import os
import re
from dataclasses import dataclass, field

import elf as E

INDIRECT = '__indirect_call'
PORT_PREFIX = 'baresspi_port_'
MBEDTLS_FUNCTION = re.compile(r'(mbedtls|psa)_\w+')
_NODE = re.compile(r'^node: \{ title: "([^"]*)" label: "([^"]*)"( shape : ellipse)? \}$', re.M)
_EDGE = re.compile(r'^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"(?: label: "([^"]*)")? \}$', re.M)
_FRAME = re.compile(r'\\n(\d+) bytes \(([a-z,]+)\)')


@dataclass
class Function:
    key: str
    name: str  # as a reader wrote it
    source: str
    symbol: str
    frame: int
    is_bounded: bool
    is_public: bool  # a C function that others can call
    calls: set = field(default_factory=set)  # keys of functions, names of what is outside the core
    sites: set = field(default_factory=set)  # indirect calls: Site


@dataclass(frozen=True)
class Site:
    source: str
    line: int
    text: str  # the line

    def __str__(self):
        return f'{self.source}:{self.line}: {self.text}'


@dataclass(frozen=True)
class Annotation:
    line: int
    site: re.Pattern
    targets: tuple  # of re.Pattern; empty: functions of the firmware
    firmware: bool
    nobody: bool  # no call of core's reaches the targets by their address, or the compiler knows which one does


def read_annotations(path):
    """Lines `SITE => TARGET, TARGET`; see the head of indirect_calls.txt."""
    found = []
    with open(path) as f:
        for number, line in enumerate(f, 1):
            line = line.split('#', 1)[0].strip()
            if not line:
                continue
            site, arrow, targets = line.partition(' => ')
            if not arrow:
                raise ValueError(f'{path}:{number}: no " => "')
            words = [w.strip() for w in targets.split(', ')]
            found.append(Annotation(number, re.compile(site.strip()),
                                    tuple(re.compile(w) for w in words if w != 'FIRMWARE'), 'FIRMWARE' in words,
                                    site.strip() in ('NOBODY', 'MBEDTLS')))
    return found


class SourceLines:
    """Lines of the core's sources, to say what an indirect call looks like."""

    def __init__(self, root):
        self._root, self._files = root, {}

    def line(self, source, number):
        if source not in self._files:
            with open(os.path.join(self._root, source)) as f:
                self._files[source] = f.read().split('\n')
        lines = self._files[source]
        return lines[number - 1].strip() if number <= len(lines) else ''


class CallGraph:
    def __init__(self, build, annotations):
        self.build, self.annotations = build, annotations
        self.functions = {}
        self.costs = {}  # stack of what is outside the core, by name; the firmware's functions are not counted
        self.used_annotations = set()
        self.used_targets = set()
        self.problems = []
        self.firmware_callers = set()  # functions that call one by a pointer that the firmware gave
        self._addresses_taken = {}
        self._lines = SourceLines(build.root)
        self._shared_aliases = {}
        for object_ in build.objects:
            self._shared_aliases.update(self._find_aliases(object_, wanted=lambda s: not s.is_local))
        for object_ in build.objects:
            self._read(object_)
        self._resolve_sites()
        self._depths = {}
        self._depths_at = {}

    # ---- reading

    def _key(self, object_, title):
        """Functions of one object alone (static ones, clones) are told apart from their namesakes elsewhere. A function of
        several names (a complete constructor and a base one) goes by the one that gcc gives a frame."""
        symbol = title.rpartition(':')[2]
        if symbol in self._globals and symbol in self._shared_aliases:
            return self._shared_aliases[symbol]
        symbol = self._aliases.get(symbol, symbol)
        return symbol if symbol in self._globals else f'{object_.source}:{symbol}'

    def _read(self, object_):
        self._globals = {s.name for s in object_.elf.symbols if not s.is_local and s.name}
        self._aliases = self._find_aliases(object_, wanted=lambda s: True)
        for title, label, outside in _NODE.findall(object_.call_graph):
            if outside:
                continue
            frame = _FRAME.search(label)
            symbol = title.rpartition(':')[2]
            key = self._key(object_, title)
            name = label.split('\\n')[0].replace('{anonymous}::', '')
            function = Function(key, name, object_.source, symbol, int(frame.group(1)),
                                'dynamic' not in frame.group(2) or 'bounded' in frame.group(2),
                                symbol in self._globals and not symbol.startswith('_Z'))
            # The same inline function comes out of several objects; the linker keeps any one of them.
            if key in self.functions:
                function.frame = max(function.frame, self.functions[key].frame)
                function.calls, function.sites = self.functions[key].calls, self.functions[key].sites
                function.is_bounded &= self.functions[key].is_bounded
            self.functions[key] = function
        for source, target, place in _EDGE.findall(object_.call_graph):
            caller = self.functions.get(self._key(object_, source))
            if caller is None:
                continue
            if target != INDIRECT:
                caller.calls.add(self._key(object_, target))
                continue
            file, line, _ = place.rsplit(':', 2)
            caller.sites.add(Site(os.path.normpath(file), int(line), self._lines.line(file, int(line))))
        self._read_relocations(object_)

    @staticmethod
    def _find_aliases(object_, wanted):
        """{other name of a function: the one that has a frame}"""
        framed = {title.rpartition(':')[2] for title, _, outside in _NODE.findall(object_.call_graph) if not outside}
        by_place = {}
        for s in object_.elf.symbols:
            if s.is_function and s.defined and wanted(s):
                by_place.setdefault((s.shndx, s.address), []).append(s.name)
        aliases = {}
        for names in by_place.values():
            known = [n for n in names if n in framed]
            if known:
                aliases.update({n: known[0] for n in names if n not in framed})
        return aliases

    def _read_relocations(self, object_):
        """Calls that the compiler does not list (__gnu_thumb1_case_uqi), and functions whose address is taken."""
        elf = object_.elf
        for relocation in elf.relocations:
            section = elf.sections[relocation.section]
            if not section.flags & E.SHF_ALLOC or section.name.startswith(('.ARM.', '.init_array')):
                continue
            symbol = relocation.symbol
            is_branch = elf.machine == E.EM_ARM and relocation.type in E.ARM_BRANCHES
            if is_branch and symbol.type != E.STT_SECTION:
                caller = elf.function_at(section.index, relocation.offset)
                key = self._key(object_, symbol.name)
                if caller is not None and self._key(object_, caller.name) in self.functions:
                    self.functions[self._key(object_, caller.name)].calls.add(key)
            elif not is_branch and symbol.is_function:
                holder = elf.function_at(section.index, relocation.offset)
                self._addresses_taken.setdefault(self._key(object_, symbol.name), set()).add(
                    f'{object_.source}: {holder.name if holder else section.name}')

    def _resolve_sites(self):
        targeted = set()
        for function in list(self.functions.values()):
            for site in sorted(function.sites, key=str):
                matching = [a for a in self.annotations if not a.nobody and a.site.search(f'{site.source}: {site.text}')]
                if not matching:
                    self.problems.append(f'indirect call without an annotation, in {function.name}: {site}')
                for annotation in matching:
                    self.used_annotations.add(annotation.line)
                    if annotation.firmware:
                        self.firmware_callers.add(function.key)
                    targets = set()
                    for pattern in annotation.targets:
                        hits = {k for k, f in self.functions.items() if pattern.search(f.name)}
                        if hits:
                            self.used_targets.add((annotation.line, pattern.pattern))
                        targets |= hits
                    function.calls |= targets
                    targeted |= targets
        for key, places in sorted(self._addresses_taken.items()):
            function = self.functions.get(key)
            # A C function is called by its address by the application too: that is what it is for.
            if function is not None and not function.is_public and key not in targeted and not self._is_nobodys(function):
                self.problems.append(f'the address of {function.name} is taken ({", ".join(sorted(places))}), but no line '
                                     f'of indirect_calls.txt says who calls it')

    def _is_nobodys(self, function):
        """A call by its address would be an indirect one, and need a line of its own."""
        lines = [(a.line, p.pattern) for a in self.annotations if a.nobody for p in a.targets if p.search(function.name)]
        self.used_annotations.update(line for line, _ in lines)
        self.used_targets.update(lines)
        return bool(lines)

    # ---- questions

    def unbounded(self):
        return [f for f in self.functions.values() if not f.is_bounded]

    def cycles(self):
        """Every cycle once, as names of functions in the order of calls."""
        state, found = {}, []

        def visit(key, path):
            state[key] = 'open'
            path.append(key)
            for callee in sorted(self.functions[key].calls):
                if callee not in self.functions:
                    continue
                if state.get(callee) == 'open':
                    found.append([self.functions[k].name for k in path[path.index(callee):]] + [self.functions[callee].name])
                elif callee not in state:
                    visit(callee, path)
            path.pop()
            state[key] = 'done'

        for key in sorted(self.functions):
            if key not in state:
                visit(key, [])
        return found

    def outside(self):
        """Names that the core calls and does not have."""
        return {c for f in self.functions.values() for c in f.calls if c not in self.functions}

    def deepest(self, key):
        """(bytes, names of the functions on the way). Only for a graph without cycles."""
        if key not in self._depths:
            function = self.functions.get(key)
            if function is None:
                return self.costs.get(key, 0), ([key] if self.costs.get(key, 0) else [])
            below, path = max((self.deepest(c) for c in sorted(function.calls)), key=lambda d: d[0], default=(0, []))
            self._depths[key] = function.frame + below, [function.name, *path]
        return self._depths[key]

    def deepest_at_firmware(self, key):
        """The stack in use when a function of the firmware (port, authority) is called, at the worst; None: none is."""
        callers = self.firmware_callers
        return self._deepest_at('firmware', key, lambda k, f: k in callers or any(c.startswith(PORT_PREFIX) for c in f.calls))

    def deepest_at_mbedtls(self, key):
        """The same for mbed TLS, below which nothing is added up."""
        return self._deepest_at('mbedtls', key, lambda _, f: any(MBEDTLS_FUNCTION.fullmatch(c) for c in f.calls))

    def _deepest_at(self, place, key, is_at):
        if (place, key) not in self._depths_at:
            function = self.functions[key]
            inner = [self._deepest_at(place, c, is_at) for c in function.calls if c in self.functions]
            inner = [i for i in inner if i is not None]
            if is_at(key, function):
                inner.append(0)
            self._depths_at[place, key] = function.frame + max(inner) if inner else None
        return self._depths_at[place, key]
