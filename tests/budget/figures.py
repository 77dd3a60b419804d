# SPDX-License-Identifier: Apache-2.0
"""The figures of a build as plain data, their budgets, and the comparison with the checked-in ones (figures.json)."""
import json
from dataclasses import dataclass

# The sizes to hold, Cortex-M4; the other CPUs are held by figures.json alone. A further budget is one more line.
KIB = 1024
BUDGETS = {
    'ntlm-client-cortex-m4': {'flash': 8 * KIB, 'context': 768, 'stack': int(1.2 * KIB)},
    'ntlm-cortex-m4': {'flash': 11 * KIB, 'context': 768, 'stack': int(1.2 * KIB)},
}
# A slot of contexts is NTLM's and what Negotiate adds to it.
_NEGOTIATE = {'context': 768, 'negotiate_context': 128, 'stack': int(1.5 * KIB)}
BUDGETS.update({'negotiate-client-cortex-m4': _NEGOTIATE, 'negotiate-cortex-m4': _NEGOTIATE})
AIMS = {'ntlm-client-cortex-m4': 6 * KIB, 'ntlm-cortex-m4': 8 * KIB}  # flash


@dataclass(frozen=True)
class Addition:
    """What one configuration takes of flash above another one: a figure with a limit of its own."""
    name: str  # overruns.txt goes by it
    title: str
    build: str
    base: str
    limit: int
    aim: int

    def flash(self, builds):
        """None where one of the two is not known."""
        if self.build not in builds or self.base not in builds:
            return None
        return builds[self.build]['flash'] - builds[self.base]['flash']


ADDITIONS = (
    Addition('negotiate-client', 'Negotiate adds to the NTLM client', 'negotiate-client-cortex-m4', 'ntlm-client-cortex-m4',
             3 * KIB, 5 * KIB // 2),
    Addition('tls-client', 'The TLS client adds to the NTLM client', 'tls-client-cortex-m4', 'ntlm-client-cortex-m4',
             6 * KIB, 5 * KIB),
    Addition('negotiate', 'Negotiate adds to NTLM, client and server', 'negotiate-cortex-m4', 'ntlm-cortex-m4',
             3 * KIB, 5 * KIB // 2),
)


@dataclass(frozen=True)
class Overrun:
    """A limit of the design that is not held yet, known and said."""
    limit: int
    issue: str
    why: str


def read_overruns(path):
    """{name of an addition: Overrun}; see the head of overruns.txt."""
    found = {}
    with open(path) as f:
        for number, line in enumerate(f, 1):
            line = line.split('#', 1)[0].strip()
            if not line:
                continue
            fields = [field.strip() for field in line.split(';')]
            if len(fields) != 4 or not fields[1].isdigit() or not all(fields):
                raise ValueError(f'{path}:{number}: not NAME; LIMIT; ISSUE; WHY')
            found[fields[0]] = Overrun(int(fields[1]), fields[2], fields[3])
    return found


def overrun_lines(builds, overruns):
    """What is over a limit of the design, in words that nobody overlooks; whether it is recorded or not."""
    lines = []
    for a in ADDITIONS:
        flash = a.flash(builds)
        if flash is None or flash <= a.limit:
            continue
        known = overruns.get(a.name)
        lines.append(f"OVER THE DESIGN'S LIMIT by {flash - a.limit:,} octets: {a.title} {flash:,} octets of flash on Cortex-M4, "
                     f'the limit is {a.limit:,}' + (f' ({known.issue}: {known.why})' if known else ' (and nobody recorded it)'))
    return lines


def over_addition(addition, builds, overruns, stored):
    """Why the figure of an addition is not acceptable. One over its limit is while overruns.txt has it; then it must not grow.
    stored: the checked-in builds, or None when they are not to be compared."""
    flash, known = addition.flash(builds), overruns.get(addition.name)
    if flash is None:
        return ['not measured']
    wrong = []
    if known and known.limit != addition.limit:
        wrong.append(f'overruns.txt says that the limit is {known.limit:,}, it is {addition.limit:,}')
    if flash > addition.limit and not known:
        wrong.append(f'{flash:,} B, {flash - addition.limit:,} over {addition.limit:,}, and overruns.txt does not have it')
    if flash <= addition.limit and known:
        wrong.append(f'{flash:,} B is within {addition.limit:,}: take it out of overruns.txt')
    before = stored and addition.flash(stored)
    if before is not None and flash > before * (1 + TOLERANCE):
        wrong.append(f'{flash:,} B, the table says {before:,}')
        wrong += [f'    {line}' for line in grown_symbols(stored[addition.build], builds[addition.build], ('text', 'rodata', 'data'))]
    return wrong


def stale_overruns(overruns):
    return [f'overruns.txt: there is no figure {name}' for name in overruns if name not in {a.name for a in ADDITIONS}]

TOLERANCE = 0.01  # over the table

# What is compared, and what its parts are, to name what grew.
COMPARED = {'flash': ('text', 'rodata', 'data'), 'bss': ('bss',), 'context': (), 'credential': (), 'stack': (),
            'negotiate_context': (), 'tls_context': (), 'tls_credential': ()}


def of_build(build, sizes, whole, slots, graph):
    """graph: without cycles and with the costs of the runtime. Only public functions are listed."""
    functions = {}
    for function in sorted((f for f in graph.functions.values() if f.is_public), key=lambda f: f.name):
        stack, path = graph.deepest(function.key)
        functions[function.symbol] = {'stack': stack, 'firmware': graph.deepest_at_firmware(function.key),
                                      'path': [short_name(name) for name in path[1:]]}
    if build.configuration.mbedtls:  # below it the stack is painted, not added up
        more = {'mbedtls': sizes.mbedtls, 'mbedtls_ram': sizes.mbedtls_ram}
    else:
        more = {'stack': max((f['stack'] for f in functions.values()), default=0), 'functions': functions}
    return {
        'flash': sizes.flash, 'text': sizes.text, 'rodata': sizes.rodata, 'data': sizes.data, 'bss': sizes.bss,
        'folders': dict(sorted(sizes.by_folder.items())), 'runtime': sizes.runtime, 'whole': whole, **slots,
        **more,
        'symbols': {f'{kind} {name}': size for (kind, name), size in sorted(sizes.symbols.items())},
    }


def short_name(name):
    """Of a function as gcc labels it, the part that tells it: without result, arguments and our namespace."""
    depth, end = 0, len(name)
    for i in range(len(name) - 1, -1, -1):  # the bracket that opens the arguments
        depth += {')': 1, '(': -1}.get(name[i], 0)
        if name[i] == '(' and depth == 0:
            end = i
            break
    head, depth = name[:end], 0
    for i in range(len(head) - 1, -1, -1):  # the space after the result
        depth += {'>': 1, '<': -1, ')': 1, '(': -1}.get(head[i], 0)
        if head[i] == ' ' and depth == 0:
            head = head[i + 1:]
            break
    return head.lstrip('*&').removeprefix('baresspi::').replace('{anonymous}::', '')


def over_budget(name, figures):
    wrong = []
    for what, limit in BUDGETS.get(name, {}).items():
        if what not in figures:
            wrong.append(f'{what} is not known')
        elif figures[what] > limit:
            wrong.append(f'{what} is {figures[what]:,} B, {figures[what] - limit:,} over {limit:,}')
    return wrong


def grown_symbols(old, new, kinds):
    """The symbols that grew or came, the most bytes first."""
    grown = []
    for symbol, size in new['symbols'].items():
        before = old['symbols'].get(symbol, 0)
        if symbol.split(' ', 1)[0] in kinds and size > before:
            grown.append((size - before, f'{symbol}: {before} -> {size}'))
    return [text for _, text in sorted(grown, reverse=True)[:12]]


def grown_functions(old, new):
    """The functions that make the worst stack worse, the deepest first."""
    deeper = [(f['stack'], n, f) for n, f in new['functions'].items() if f['stack'] > old['stack']]
    return [f'{n}: {old["functions"].get(n, {"stack": 0})["stack"]} -> {stack}: {" > ".join(f["path"])}'
            for stack, n, f in sorted(deeper, key=lambda d: (-d[0], d[1]))[:3]]


def largest_symbols(figures, kinds, count):
    symbols = [(size, symbol) for symbol, size in figures['symbols'].items() if symbol.split(' ', 1)[0] in kinds]
    return [f'{size:6} {symbol}' for size, symbol in sorted(symbols, key=lambda s: (-s[0], s[1]))[:count]]


def over_table(old, new):
    """What is more than the tolerance over the checked-in figures, with the symbols that grew."""
    wrong = []
    for what, kinds in COMPARED.items():
        if what not in old or what not in new or new[what] <= old[what] * (1 + TOLERANCE):
            continue
        wrong.append(f'{what} is {new[what]:,} B, the table says {old[what]:,}')
        wrong += [f'    {line}' for line in (grown_functions(old, new) if what == 'stack' else
                                              grown_symbols(old, new, kinds))]
    return wrong


def under_table(old, new):
    return [f'{what} is {new[what]:,} B, the table says {old[what]:,}' for what in COMPARED
            if what in old and what in new and new[what] < old[what] * (1 - TOLERANCE)]


def read(path):
    try:
        with open(path) as f:
            return json.load(f)
    except FileNotFoundError:
        return None


def write(path, figures):
    with open(path, 'w') as f:
        json.dump(figures, f, indent=0)
        f.write('\n')
