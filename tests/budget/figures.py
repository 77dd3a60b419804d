# SPDX-License-Identifier: Apache-2.0
"""The figures of a build as plain data, and their comparison with the limits and with the checked-in ones."""
from limits import BUDGETS, TOLERANCE

_FLASH = ('text', 'rodata', 'data')

# What is compared: a figure, how it is called, and what its parts are, to name what grew: a table of parts, and the kinds of those.
COMPARED = (
    ('flash', 'flash', 'symbols', _FLASH), ('text', 'code', 'symbols', ('text',)), ('rodata', 'constants', 'symbols', ('rodata',)),
    ('data', '.data', 'symbols', ('data',)), ('bss', '.bss', 'symbols', ('bss',)),
    ('whole', 'core with nothing dropped', 'symbols', _FLASH),
    ('context', 'a context', 'symbols', ('bss',)), ('credential', 'a credential', 'symbols', ('bss',)),
    ('negotiate_context', 'what Negotiate adds to a context', 'symbols', ('bss',)),
    ('tls_context', 'a context of TLS', 'symbols', ('bss',)), ('tls_arena', 'an arena', 'symbols', ('bss',)),
    ('tls_credential', 'a credential of TLS', 'symbols', ('bss',)),
    ('runtime', "the C library and the compiler's runtime", 'runtime_parts', ()),
    ('mbedtls', "mbed TLS's flash", 'mbedtls_parts', ()), ('mbedtls_ram', "mbed TLS's RAM", 'mbedtls_ram_parts', ()),
)
# Likewise with a figure for each function of the API; what grew are the frames on the way down.
COMPARED_STACKS = (('functions', 'the stack'), ('at_firmware', 'the stack when the firmware is called'),
                   ('at_mbedtls', 'the stack when mbed TLS is called'), ('painted', 'the painted stack'))


def of_build(build, sizes, whole, slots, graph, painted, undefined):
    """graph: without cycles and with the costs of the runtime. Of the functions, public ones are listed; below mbed TLS their stack is
    painted, not added up."""
    figures = {
        'flash': sizes.flash, 'text': sizes.text, 'rodata': sizes.rodata, 'data': sizes.data, 'bss': sizes.bss,
        'runtime': sum(sizes.runtime.values()), 'whole': whole, **slots,
        'folders': dict(sorted(sizes.by_folder.items())),
        'symbols': {f'{kind} {name}': size for (kind, name), size in sorted(sizes.symbols.items())},
        'runtime_parts': dict(sorted(sizes.runtime.items())),
        'undefined': undefined, 'frames': _frames(graph), **_stacks(graph),
    }
    if build.configuration.mbedtls:
        figures.update({'mbedtls': sum(sizes.mbedtls.values()), 'mbedtls_parts': dict(sorted(sizes.mbedtls.items())),
                        'mbedtls_ram': sum(sizes.mbedtls_ram.values()), 'mbedtls_ram_parts': dict(sorted(sizes.mbedtls_ram.items()))})
    if painted:
        figures.update({'painted_stack': max(painted.values()), 'painted': painted})
    return figures


def _stacks(graph):
    tables = {'functions': {}, 'at_firmware': {}, 'at_mbedtls': {}, 'paths': {}}
    for function in sorted((f for f in graph.functions.values() if f.is_public), key=lambda f: f.name):
        tables['functions'][function.symbol], path = graph.deepest(function.key)
        tables['paths'][function.symbol] = [short_name(name) for name in path[1:]]
        for table, octets in (('at_firmware', graph.deepest_at_firmware(function.key)),
                              ('at_mbedtls', graph.deepest_at_mbedtls(function.key))):
            if octets is not None:
                tables[table][function.symbol] = octets
    return {'stack': max(tables['functions'].values(), default=0), **tables}


def _frames(graph):
    """{function: octets of its own}; of namesakes the largest."""
    frames = {}
    for function in graph.functions.values():
        name = short_name(function.name)
        frames[name] = max(function.frame, frames.get(name, 0))
    return dict(sorted(frames.items()))


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


# ---- The limits ----

def over_budget(name, figures):
    wrong = []
    for what, limit in BUDGETS.get(name, {}).items():
        if what not in figures:
            wrong.append(f'{what} is not known')
        elif figures[what] > limit:
            wrong.append(f'{what} is {figures[what]:,} B, {figures[what] - limit:,} over {limit:,}')
    return wrong


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
    if before is not None and is_over(before, flash):
        wrong.append(f'{flash:,} B, the table says {before:,}')
        wrong += grown_parts(stored[addition.build], builds[addition.build], 'symbols', _FLASH)
    return wrong


def largest_symbols(figures, kinds, count):
    symbols = [(size, symbol) for symbol, size in figures['symbols'].items() if symbol.split(' ', 1)[0] in kinds]
    return [f'{size:6} {symbol}' for size, symbol in sorted(symbols, key=lambda s: (-s[0], s[1]))[:count]]


# ---- The checked-in figures ----

def is_over(before, now):
    return now > before * (1 + TOLERANCE)


def grown_parts(old, new, table, kinds=(), only=None):
    """Lines of the parts that grew or came, with octets before and after, the most first. kinds: first words; only: names."""
    grown = []
    for name, octets in new.get(table, {}).items():
        before = old.get(table, {}).get(name, 0)
        if octets > before and (not kinds or name.split(' ', 1)[0] in kinds) and (only is None or name in only):
            grown.append((octets - before, f'    {name}: {before:,} -> {octets:,}'))
    lines = [text for _, text in sorted(grown, reverse=True)]
    return lines[:12] + ([f'    and {len(lines) - 12} more'] if len(lines) > 12 else [])


def _over_stacks(old, new):
    wrong = []
    for table, title in COMPARED_STACKS:
        grown = {n: octets for n, octets in new.get(table, {}).items() if table in old and is_over(old[table].get(n, 0), octets)}
        deepest = sorted(grown, key=lambda n: (-grown[n], n))
        for n in deepest[:3]:
            path = new['paths'].get(n, [])
            wrong.append(f'{title} of {n} is {grown[n]:,} B, the table says {old[table].get(n, 0):,}: {" > ".join(path)}')
            wrong += grown_parts(old, new, 'frames', only=None if table == 'painted' else {n, *path})
        if len(grown) > 3:
            wrong.append(f'{title} of {len(grown) - 3} more: {", ".join(deepest[3:])}')
    return wrong


def over_table(old, new):
    """What is more than the tolerance over the checked-in figures, with the parts that grew: each once."""
    wrong = []
    for what, title, table, kinds in COMPARED:
        if what in old and what in new and is_over(old[what], new[what]):
            wrong.append(f'{title} is {new[what]:,} B, the table says {old[what]:,}')
            wrong += grown_parts(old, new, table, kinds)
    for folder, octets in new['folders'].items():
        if is_over(old['folders'].get(folder, 0), octets):
            wrong.append(f'{folder} is {octets:,} B, the table says {old["folders"].get(folder, 0):,}')
            wrong += grown_parts(old, new, 'symbols', _FLASH)
    wrong += _over_stacks(old, new)
    wrong += [f'there is a new undefined symbol: {name}' for name in new['undefined'] if name not in old['undefined']]
    return list(dict.fromkeys(wrong))


def under_table(old, new):
    return [f'{title} is {new[what]:,} B, the table says {old[what]:,}' for what, title, _, _ in COMPARED
            if what in old and what in new and new[what] < old[what] * (1 - TOLERANCE)]
