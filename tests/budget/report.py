# SPDX-License-Identifier: Apache-2.0
"""TABLE.md, sizes.svg and README.md's table, out of the figures."""
import chart
import limits
from configurations import (BOTH, CHOICES, CLIENT, CPUS, EVERYTHING, MAIN, NEGOTIATE_BOTH, NEGOTIATE_CLIENT, TLS_BOTH, TLS_CLIENT,
                            build_name)

# Measured once, the same way (arm-none-eabi-gcc 12.2, -Os, Cortex-M4, --gc-sections): what others need for NTLM.
LIBSMB2, WINPR, WINPR_AROUND, MBEDTLS, BARE_CRYPTO = 8452, 19345, 24 * 1024, 53680, 4106
SCALE = (
    ('bare NTLMv2 crypto and message code, both roles, sealing', f'{BARE_CRYPTO:,}', 'no API, no checks of state: the floor'),
    ("libsmb2's NTLM, client", f'{LIBSMB2:,}', 'no MIC, no key exchange, no sealing'),
    ("WinPR's NTLM (FreeRDP), client and server", f'{WINPR:,}', 'and 24 KiB around it (SSPI, buffers, Unicode); needs a heap'),
    ("mbed TLS 3.6's TLS 1.2 client", f'{MBEDTLS:,}', 'for scale'),
)
_FOLDERS = ('core/sspi', 'core/ntlm', 'core/negotiate', 'core/schannel', 'core/crypto', 'core/base')
_M4 = 'cortex-m4'
# What adds what: a title, the configuration with it, the one without.
_ADDED = (
    ('Negotiate, to the NTLM client', NEGOTIATE_CLIENT, CLIENT), ('Negotiate, to both halves of NTLM', NEGOTIATE_BOTH, BOTH),
    ('a TLS client, to the NTLM client', TLS_CLIENT, CLIENT), ('TLS, both halves, to those of NTLM', TLS_BOTH, BOTH),
    ('TLS, both halves, to those of Negotiate', EVERYTHING, NEGOTIATE_BOTH),
)
# Those whose functions' stacks are printed, which is why figures.json keeps their paths.
_STACKS = (BOTH, NEGOTIATE_BOTH, EVERYTHING)
WITH_PATHS = [build_name(c, _M4) for c in _STACKS]


def _table(rows, align=None):
    align = align or ['---'] + ['--:'] * (len(rows[0]) - 1)
    return '\n'.join('| ' + ' | '.join(str(c) for c in row) + ' |' for row in (rows[0], align, *rows[1:]))


def _number(value):
    return '' if value is None else f'{value:,}'


def _cpu(cpu):
    return cpu.rpartition('-')[2].upper()


def _limited(builds, configuration, cpu, what):
    """The figure, and its limit where it has one."""
    name = build_name(configuration, cpu)
    value, limit = builds[name].get(what), limits.BUDGETS.get(name, {}).get(what)
    return _number(value) + ('' if limit is None else f' of {limit:,}')


def _by_build(builds, head, cells):
    """A row for each configuration on each processor."""
    rows = [['', 'Cortex', *head]]
    for c in MAIN:
        rows += [[c.title if cpu == CPUS[0] else '', _cpu(cpu), *cells(c, cpu, builds[build_name(c, cpu)])] for cpu in CPUS]
    return _table(rows, ['---', '---'] + ['--:'] * len(head))


# ---- TABLE.md ----

def _flash(builds):
    return _by_build(builds, ['**core**', *(f[len('core/'):] for f in _FOLDERS), 'constants among it', 'nothing dropped'], lambda c, cpu, b: [
        f'**{_limited(builds, c, cpu, "flash")}**', *(_number(b['folders'].get(f)) for f in _FOLDERS), _number(b['rodata']),
        _number(b['whole'])])


def _ram(builds):
    sizes = ('data', 'bss', 'context', 'negotiate_context', 'credential', 'tls_context', 'tls_arena', 'tls_credential')
    return _by_build(builds, ['.data', '.bss', 'a context of NTLM', 'more with Negotiate', 'a credential', 'a context of TLS', 'its arena',
                              'a credential of TLS'], lambda c, cpu, b: [_limited(builds, c, cpu, s) for s in sizes])


def _stack(builds):
    def most(table):
        return _number(max(table.values(), default=None))
    return _by_build(builds, ['of core', 'when the firmware is called', 'when mbed TLS is called', "painted: a client's handshake",
                              "painted: a server's", 'painted: all'], lambda c, cpu, b: [
        _limited(builds, c, cpu, 'stack'), most(b['at_firmware']), most(b.get('at_mbedtls', {})),
        _number(b.get('painted', {}).get('InitializeSecurityContextA')), _number(b.get('painted', {}).get('AcceptSecurityContext')),
        _limited(builds, c, cpu, 'painted_stack')])


def _beside(builds):
    return _by_build(builds, ["C library and compiler's runtime", "mbed TLS's flash", "mbed TLS's RAM beside the arenas"],
                     lambda c, cpu, b: [_number(b['runtime']), _number(b.get('mbedtls')), _number(b.get('mbedtls_ram'))])


def _added(builds):
    aims = {(a.build, a.base): a for a in limits.ADDITIONS}
    rows = [['', *map(_cpu, CPUS), 'limit (M4)', 'aim (M4)']]
    for title, more, less in _ADDED:
        known = aims.get((build_name(more, _M4), build_name(less, _M4)))
        rows.append([title, *(_number(builds[build_name(more, cpu)]['flash'] - builds[build_name(less, cpu)]['flash']) for cpu in CPUS),
                     _number(known and known.limit), _number(known and known.aim)])
    return _table(rows)


def _choices(builds):
    base = builds[build_name(BOTH, _M4)]['flash']
    rows = [['', 'flash', 'against the default']]
    for c, title in CHOICES.items():
        flash = builds[build_name(c, _M4)]['flash']
        rows.append([title, _number(flash), f'{flash - base:+,}'])
    return _table(rows)


def _names(figures, kind, prefix=''):
    return [name[len(kind) + 1:].removeprefix(prefix) for name in figures['undefined'] if name.startswith(kind + ' ')]


def _undefined(builds):
    rows = [['', 'C library', 'port (`baresspi_port_...`)', *(f"compiler's runtime, {_cpu(cpu)}" for cpu in CPUS), 'mbed TLS']]
    for c in MAIN:
        figures = builds[build_name(c, _M4)]
        runtimes = [', '.join(f'`{n}`' for n in _names(builds[build_name(c, cpu)], "compiler's runtime")) for cpu in CPUS]
        rows.append([c.title, ', '.join(f'`{n}`' for n in _names(figures, 'C library')),
                     ', '.join(_names(figures, 'port', 'baresspi_port_')), *runtimes,
                     f'{len(_names(figures, "mbed TLS"))} functions' if 'mbedtls' in figures else ''])
    return _table(rows, ['---'] * len(rows[0]))


def _functions(builds, configuration):
    """One row a function; the way down is the Cortex-M4's."""
    of = [builds[build_name(configuration, cpu)] for cpu in CPUS]
    middle = builds[build_name(configuration, _M4)]
    painted = 'painted' in middle
    rows = [['function', *(f'of core, {_cpu(cpu)}' for cpu in CPUS), 'when the firmware is called',
             *(['when mbed TLS is called', *(f'painted, {_cpu(cpu)}' for cpu in CPUS)] if painted else []), 'deepest path']]
    functions = middle['functions']

    def deepness(name):
        return -max(functions[name], middle['painted'].get(name, 0) if painted else 0), name
    for name in sorted(functions, key=deepness):
        rows.append([f'`{name}`', *(_number(b['functions'].get(name)) for b in of), _number(middle['at_firmware'].get(name)),
                     *([_number(middle['at_mbedtls'].get(name)), *(_number(b['painted'].get(name)) for b in of)] if painted else []),
                     ' › '.join(middle['paths'][name])])
    return _table(rows, ['---'] + ['--:'] * (len(rows[0]) - 2) + ['---'])


def _overruns(builds, overruns):
    lines = ''.join(f'- **{line}**\n' for line in limits.overrun_lines(builds, overruns))
    return lines and '\n' + lines


def markdown(figures, overruns):
    builds = figures['builds']
    everything = builds[build_name(EVERYTHING, _M4)]
    return f'''# What BareSSPI takes

Octets. Made by `tests/budget/run --update`; `tests/budget/run` measures all of it again and fails where a figure is 1 % more, or over
a limit ("of"), with the names of what grew. Compiler: arm-none-eabi-gcc {figures['compiler']}, -Os, linked with --gc-sections into a
program that uses the whole API of the halves named, names in UTF-8. Pools of the default sizes of config/: 8 contexts and 4 credentials
of NTLM and Negotiate, 4 and 4 of TLS. With TLS there is mbed TLS 3.6 as config/mbedtls_small.h has it (TLS 1.2 and 1.3).

## Flash, by folder of core

{_flash(builds)}

"Nothing dropped": the same objects without --gc-sections, with the W functions and the tables of functions.

What a package adds to core:

{_added(builds)}
{_overruns(builds, overruns)}
Other choices, both halves of NTLM, Cortex-M4:

{_choices(builds)}

For scale, flash measured in the same way:

{_table([['', 'flash', 'remark'], *([n, s, r] for n, s, r in SCALE)], ['---', '--:', '---'])}

![Flash of core by configuration, and of others' NTLM](sizes.svg)

## RAM

{_ram(builds)}

.bss has all pools: contexts, credentials, and with TLS the arenas and the sessions that can be resumed.

## Stack

"Of core": the compiler's call graph, the C library's and the compiler's functions included, without what is below mbed TLS; there is no
recursion and no frame of changing size. "When the firmware is called": the most of it in use when a function of the port or of an
authority is called, whose own stack comes on top. "Painted": the stack is painted before each call and looked at after it, mbed TLS and
the port below included, while client and server shake hands by TLS 1.2 and 1.3, with P-256, RSA-2048 and a client's certificate, send a
record, are asked everything, and end: on QEMU's mps2-an386 (M4) and mps2-an505 (M33); the M0's code on a Cortex-M3 (mps2-an385). A program
with the client's half alone has nobody to talk with, so its handshake is the one of both halves.

{_stack(builds)}

## Beside core

{_beside(builds)}

## Undefined symbols of core

All that core's objects ask for and do not have, linked or not. The port's functions of one name are [port/port.h](../../port/port.h)'s.

{_undefined(builds)}

<details><summary>mbed TLS's functions that core calls (everything)</summary>

{', '.join(f'`{n}`' for n in _names(everything, 'mbed TLS'))}

</details>

What mbed TLS and core have of the C library and of the compiler, linked (everything, Cortex-M4):
{', '.join(f'`{name}` {size:,}' for name, size in everything['runtime_parts'].items())}.

## Stack of every function of the API

The way down is the Cortex-M4's, and so are the figures of the firmware's and of mbed TLS's calls.
''' + ''.join(f'''
### {c.title}

{_functions(builds, c)}
''' for c in _STACKS)


# ---- README.md ----

README_BEGIN, README_END = '<!-- sizes: tests/budget/run --update writes them -->', '<!-- end of sizes -->'


def _worst_stack(builds, configuration, cpu):
    """By the call graph, or painted where TLS goes deeper. A TLS client alone is painted in the company of a server."""
    figures = builds[build_name(configuration, cpu)]
    if 'mbedtls' not in figures:
        return _limited(builds, configuration, cpu, 'stack')
    if 'painted' not in figures:
        return _number(builds[build_name(TLS_BOTH, cpu)]['painted']['InitializeSecurityContextA'])
    return _limited(builds, configuration, cpu, 'painted_stack')


def _readme_table(builds):
    rows = [['', *(f'flash, {_cpu(cpu)}' for cpu in CPUS), 'RAM', 'a context', 'a credential', *(f'stack, {_cpu(cpu)}' for cpu in CPUS)]]
    for c in MAIN:
        b = builds[build_name(c, _M4)]
        context, credential = _limited(builds, c, _M4, 'context'), _number(b['credential'])
        if 'tls_context' in b:  # TLS's own
            context, credential = f'{b["tls_context"]:,} + {b["tls_arena"]:,}', _number(b['tls_credential'])
        elif 'negotiate_context' in b:
            context = _number(b['context'] + b['negotiate_context'])
        rows.append([c.title, *(f'**{_limited(builds, c, cpu, "flash")}**' for cpu in CPUS), _number(b['bss']), context, credential,
                     *(_worst_stack(builds, c, cpu) for cpu in CPUS)])
    for title, c in (('mbed TLS below the client', TLS_CLIENT), ('mbed TLS below both halves', TLS_BOTH)):
        rows.append([title, *(_number(builds[build_name(c, cpu)]['mbedtls']) for cpu in CPUS),
                     _number(builds[build_name(c, _M4)]['mbedtls_ram']), '', '', '', '', ''])
    return _table(rows)


def _readme_notes(builds, overruns):
    def more(a):
        return f'{a.title} {a.flash(builds):,} octets'
    held = [f'{more(a)} of {a.limit:,}' for a in limits.ADDITIONS if a.flash(builds) is not None and a.flash(builds) <= a.limit]
    lines = [f'- Cortex-M4: {"; ".join(held)}.'] if held else []
    return '\n'.join([*lines, *(f'- **{line}**' for line in limits.overrun_lines(builds, overruns))])


def readme_block(builds, overruns):
    return f'{_readme_table(builds)}\n\n{_readme_notes(builds, overruns)}'


def readme(text, figures, overruns):
    """README.md with the block between the marks; None without the marks."""
    before, begin, rest = text.partition(README_BEGIN)
    _, end, after = rest.partition(README_END)
    if not begin or not end:
        return None
    return f'{before}{begin}\n{readme_block(figures["builds"], overruns)}\n{end}{after}'


def tables(figures, overruns):
    """What a run prints."""
    builds = figures['builds']
    return '\n'.join([readme_block(builds, overruns), '', _flash(builds), '', _added(builds), '', _ram(builds), '', _stack(builds), '',
                      _beside(builds), '', _undefined(builds), '', *(f'{size:>8} {title} ({remark})' for title, size, remark in SCALE), ''])


# ---- sizes.svg ----

def svg(figures):
    """Flash on a Cortex-M4 by folder. The marks of others are for NTLM, so they stand beside NTLM's rows."""
    builds = figures['builds']

    def bar(configuration, label, remark):
        folders = builds[build_name(configuration, _M4)]['folders']
        return label, remark, [(f'p{i}', folders.get(folder, 0)) for i, folder in enumerate(_FOLDERS)]
    rows = [bar(CLIENT, 'NTLM client', 'MIC, bindings, signing, sealing'), bar(BOTH, 'NTLM, client and server', 'the same, both ways'),
            bar(NEGOTIATE_BOTH, '+ Negotiate', 'client and server'), bar(TLS_CLIENT, 'NTLM and TLS, client', 'above mbed TLS'),
            bar(TLS_BOTH, 'NTLM and TLS, both', 'above mbed TLS'), bar(EVERYTHING, 'everything', 'above mbed TLS')]
    marks = [("libsmb2's NTLM client", LIBSMB2, 'no MIC, key exchange or sealing', 'end'), ("WinPR's NTLM", WINPR, 'client and server', 'start'),
             ('with what is around it', WINPR + WINPR_AROUND, '24 KiB more, and a heap', 'middle')]
    beyond = ('mbed TLS 3.6 below', 'for scale; the bar is cut', builds[build_name(TLS_BOTH, _M4)]['mbedtls'])
    legend = [(f'p{i}', name) for i, name in enumerate(('C API', 'NTLM', 'Negotiate', 'TLS', 'MD4, MD5, RC4', 'base'))]
    return chart.draw('Flash of core on a Cortex-M4', legend, rows, marks, 3, beyond,
                      f'arm-none-eabi-gcc {figures["compiler"]}, -Os, --gc-sections. The figures of core and mbed TLS: tests/budget/run.')
