# SPDX-License-Identifier: Apache-2.0
"""What always holds of the core's objects, whatever their size. Each check gives the list of what is wrong, empty when nothing
is."""
import os
import re

from build import BuildError, COMMON
from callgraph import MBEDTLS_FUNCTION, CallGraph, PORT_PREFIX
from elf import Elf
from runtime import Runtime

# The functions that only an acceptor needs.
SERVER_FUNCTIONS = {'AcceptSecurityContext', 'QuerySecurityContextToken', 'ImpersonateSecurityContext',
                    'RevertSecurityContext', 'BareSspiQueryTokenInformation', 'BareSspiAccountTableGetNtHash',
                    'BareSspiNtHash'}

# Sections of functions that run before or after main.
BEFORE_MAIN = re.compile(r'\.(preinit_array|init_array|fini_array|ctors|dtors|init|fini)\b')

# What mbed TLS calls of ours.
_CALLED_BY_MBEDTLS = re.compile(r'baresspi_tls_|mbedtls_')

C_LIBRARY = {'memcpy', 'memmove', 'memset', 'memcmp'}

# Functions of libgcc that no C library or operating system is behind, by target.
_ARM_RUNTIME = re.compile(r'__aeabi_(u?idiv(mod)?|u?ldivmod|lmul|ll[sa][lr]|[lu]lcmp|mem(cpy|move|set|clr)[48]?)|'
                          r'__gnu_thumb1_case_(uqi|sqi|uhi|shi|si)|__clz[sd]i2|__ctz[sd]i2|__popcount[sd]i2|__bswap[sd]i2')
_RISCV_RUNTIME = re.compile(r'__u?(div|mod)[sd]i3|__mul[sd]i3|__(ash[lr]|lshr)di3|__clz[sd]i2|__ctz[sd]i2|__popcount[sd]i2|'
                            r'__bswap[sd]i2|__riscv_(save|restore)_\d+')
_HOST_RUNTIME = re.compile(r'_GLOBAL_OFFSET_TABLE_')
_GUARD = re.compile(r'_ZGV')


def _runtime_pattern(target):
    return _ARM_RUNTIME if target.is_arm else _HOST_RUNTIME if target.name == 'host' else _RISCV_RUNTIME


def _is_mbedtls(build, name):
    return bool(build.configuration.mbedtls) and MBEDTLS_FUNCTION.fullmatch(name)


def _kind_of_undefined(build, name):
    """Whose function it is that the core asks for; '': nobody's that it may ask."""
    if name in C_LIBRARY:
        return 'C library'
    if name.startswith(PORT_PREFIX):
        return 'port'
    if _runtime_pattern(build.target).fullmatch(name):
        return "compiler's runtime"
    return 'mbed TLS' if _is_mbedtls(build, name) else ''


def _undefined(build):
    """(object, name) of each symbol that an object needs and no object of core's has."""
    defined = {s.name for o in build.objects for s in o.elf.symbols if s.defined and not s.is_local}
    return [(o, s.name) for o in build.objects for s in o.elf.symbols if not s.defined and s.name and s.name not in defined]


def undefined_symbols(build, demangle):
    """The core needs nothing but memcpy and its like, the compiler's runtime, mbed TLS where that is, and the port."""
    return [f'{o.source} needs {demangle(name)}' for o, name in _undefined(build) if not _kind_of_undefined(build, name)]


def undefined_by_kind(build):
    """{'port baresspi_port_clock': 1, ...}, whatever is linked in the end."""
    return {f'{_kind_of_undefined(build, name) or "nobody"} {name}': 1 for name in sorted({name for _, name in _undefined(build)})}


def constructors(build, demangle):
    """Nothing runs before main."""
    wrong = []
    for object_ in build.objects:
        for section in object_.elf.sections:
            if section.size and BEFORE_MAIN.match(section.name):
                makers = [s.name for s in object_.elf.symbols if s.name.startswith('_GLOBAL__')]
                wrong.append(f'{object_.source} has {section.name}: {", ".join(map(demangle, makers)) or "?"}')
    return wrong


def static_guards(build, demangle):
    """No static of a function is made at its first call."""
    return [f'{o.source}: {demangle(s.name)}' for o in build.objects for s in o.elf.symbols if _GUARD.match(s.name)]


def initialised_data(build, demangle):
    """What can change starts as zeroes, so that it costs no flash; what cannot stays in flash. Nothing is thread-local."""
    wrong = []
    for object_ in build.objects:
        for section in object_.elf.sections:
            is_thread_local = section.name.startswith(('.tdata', '.tbss'))
            if BEFORE_MAIN.match(section.name):
                continue  # constructors() has it
            if section.size and (section.kind == 'data' or is_thread_local):
                names = [demangle(s.name) for s in object_.elf.symbols_in(section)] or [
                    demangle(s.name) for s in object_.elf.symbols if s.shndx == section.index and s.size]
                wrong.append(f'{object_.source}: {", ".join(names) or "?"} in {section.name}, {section.size} B')
    return wrong


def call_graph(build, annotations):
    """(graph, problems by name of check)"""
    graph = CallGraph(build, annotations)
    runtime = _runtime_pattern(build.target)
    known = [n for n in graph.outside() if n in C_LIBRARY or n.startswith(PORT_PREFIX) or runtime.fullmatch(n) or
             _is_mbedtls(build, n)]
    problems = {
        'every function has a frame': [f'{n} is called, but its frame is not known' for n in
                                       sorted(graph.outside() - set(known))],
        'indirect calls': list(graph.problems),
        'bounded frames': [f'{f.name} ({f.source}) has a frame of no fixed size' for f in graph.unbounded()],
        'no recursion': [' -> '.join(cycle) for cycle in graph.cycles()],
    }
    return graph, problems


def runtime_costs(build, graph):
    """{name: bytes of stack} of the C library's and the compiler's functions that core calls. What is below mbed TLS is painted."""
    runtime = Runtime('arm-none-eabi-objdump', build.whole)
    return {name: runtime.cost(name) for name in sorted(graph.outside())
            if not name.startswith(PORT_PREFIX) and not _is_mbedtls(build, name)}


def unpainted(graph, painted):
    """Each function of the API below which mbed TLS is was painted; of two forms the one with UTF-8 names."""
    return [f'mbed TLS is below {name}, but paint.cpp has no figure of it' for name, function in _public(graph)
            if graph.deepest_at_mbedtls(function.key) is not None and name not in painted and name[:-1] + 'A' not in painted]


def graph_and_paint(graph, painted):
    """Where mbed TLS is not below a function, its painted stack is within what the call graph says: two ways to one figure. The port
    that is painted on takes next to nothing."""
    return [f'the stack of {name} is {painted[name]} B when painted, {graph.deepest(function.key)[0]} B by the call graph'
            for name, function in _public(graph) if graph.deepest_at_mbedtls(function.key) is None and
            painted.get(name, 0) > graph.deepest(function.key)[0]]


def _public(graph):
    return sorted((f.symbol, f) for f in graph.functions.values() if f.is_public and not _CALLED_BY_MBEDTLS.match(f.symbol))


def flags(root):
    """The objects looked at here are compiled like the product's: every -f option of toolchains/options.cmake is ours too, and
    the other way round."""
    path = os.path.join(root, 'toolchains', 'options.cmake')
    with open(path) as f:
        lines = [line.split('#', 1)[0] for line in f]
    theirs = set(re.findall(r'(?<=[\s:])-f[a-z-]+', ' '.join(lines)))
    ours = {flag for flag in COMMON if flag.startswith('-f')}
    if not theirs:
        raise BuildError(f'{path}: no -f options found')
    return [f'{flag} is in toolchains/options.cmake only' for flag in sorted(theirs - ours)] + \
        [f'{flag} is in tests/budget/build.py only' for flag in sorted(ours - theirs)]


def stale_annotations(annotations, graphs):
    """Every line of indirect_calls.txt says something of some configuration; NOBODY's need not, since whether such a table is kept is
    the compiler's affair."""
    annotations = [a for a in annotations if not a.nobody]
    used = set().union(*(g.used_annotations for g in graphs)) if graphs else set()
    targets = set().union(*(g.used_targets for g in graphs)) if graphs else set()
    wrong = [f'indirect_calls.txt:{a.line}: no call matches {a.site.pattern}' for a in annotations if a.line not in used]
    wrong += [f'indirect_calls.txt:{a.line}: no function matches {t.pattern}' for a in annotations if a.line in used
              for t in a.targets if (a.line, t.pattern) not in targets]
    return wrong


# A firmware that watches itself links them; the limits are for what authenticates.
DIAGNOSTICS = {'BareSspiQueryPoolUse'}


def unused_functions(build, graph):
    """Every function that the core offers and this configuration is for is in the image: nothing is left out of the size. Of two
    forms the one with UTF-8 names; the tables of functions (InitSecurityInterface) would pull in both."""
    linked = {s.name for s in Elf(build.image).symbols if s.is_function and s.defined}
    public = {f.symbol for f in graph.functions.values() if f.is_public}
    halves = {f.symbol for f in graph.functions.values() if _CALLED_BY_MBEDTLS.match(f.symbol)}
    halves |= ({'InitializeSecurityContextA'} if 'BARESSPI_NTLM_CLIENT=0' in build.configuration.defines else set()) | (
        SERVER_FUNCTIONS if 'BARESSPI_NTLM_SERVER=0' in build.configuration.defines else set())
    return [f'{name} is not used by image.cpp' for name in sorted(public - linked - halves - DIAGNOSTICS)
            if not (name.endswith('W') and name[:-1] + 'A' in public) and not name.startswith('InitSecurityInterface')]
