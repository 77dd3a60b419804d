# SPDX-License-Identifier: Apache-2.0
"""TABLE.md, sizes.svg and README.md's table, out of the figures."""
import chart
import figures as fig

# Measured once, the same way (arm-none-eabi-gcc 12.2, -Os, Cortex-M4, --gc-sections): what others need for NTLM.
LIBSMB2, WINPR, WINPR_AROUND, MBEDTLS, BARE_CRYPTO = 8452, 19345, 24 * 1024, 53680, 4106
SCALE = (
    ('bare NTLMv2 crypto and message code, both roles, sealing', f'{BARE_CRYPTO:,}', 'no API, no checks of state: the floor'),
    ("libsmb2's NTLM, client", f'{LIBSMB2:,}', 'no MIC, no key exchange, no sealing'),
    ("WinPR's NTLM (FreeRDP), client and server", f'{WINPR:,}', 'and 24 KiB around it (SSPI, buffers, Unicode); needs a heap'),
    ("mbed TLS 3.6's TLS 1.2 client", f'{MBEDTLS:,}', 'for scale'),
)
_FOLDERS = ('core/sspi', 'core/ntlm', 'core/crypto', 'core/base', 'core/negotiate')
_LEGEND = {'core/sspi': 'C API', 'core/ntlm': 'NTLM', 'core/crypto': 'MD4, MD5, RC4', 'core/base': 'base'}


def _table(rows, align=None):
    align = align or ['---'] + ['--:'] * (len(rows[0]) - 1)
    return '\n'.join('| ' + ' | '.join(str(c) for c in row) + ' |' for row in (rows[0], align, *rows[1:]))


def _number(value):
    return '' if value is None else f'{value:,}'


def _limit(name, what, budgets):
    limit = budgets.get(name, {}).get(what)
    return '' if limit is None else f' of {limit:,}'


def sizes_table(builds, budgets):
    rows = [['', *builds]]
    folders = sorted({f for b in builds.values() for f in b['folders']},
                     key=lambda f: (_FOLDERS.index(f) if f in _FOLDERS else 9, f))
    rows.append(['**flash of core**', *(f'**{b["flash"]:,}**{_limit(n, "flash", budgets)}' for n, b in builds.items())])
    for folder in folders:
        rows.append([f'&nbsp; {folder}', *(_number(b['folders'].get(folder)) for b in builds.values())])
    rows.append(['&nbsp; of it constants', *(_number(b['rodata']) for b in builds.values())])
    rows.append(['.data', *(_number(b['data']) for b in builds.values())])
    rows.append(['.bss: the pools', *(_number(b['bss']) for b in builds.values())])
    for what, title in (('context', 'one context'), ('credential', 'one credential'),
                        ('negotiate_context', 'what Negotiate adds to one context')):
        if what.startswith('negotiate') and not any(what in b for b in builds.values()):
            continue
        rows.append([f'&nbsp; {title}', *(_number(b.get(what)) + _limit(n, what, budgets) for n, b in builds.items())])
    rows.append(['**worst stack**', *(f'**{b["stack"]:,}**{_limit(n, "stack", budgets)}' for n, b in builds.items())])
    rows.append(['C library and compiler runtime beside it', *(_number(b['runtime']) for b in builds.values())])
    rows.append(['core with nothing dropped (A, W, function tables)', *(_number(b['whole']) for b in builds.values())])
    return _table(rows)


def additions_table(builds, base_of, by_folder):
    """What each configuration takes above its base, where that was measured."""
    rows = [['', *base_of]]
    limits = {a.build: a.limit for a in fig.ADDITIONS}

    def more(name, what):
        return builds[name][what] - builds[base_of[name]][what]
    rows.append(['**flash of core**', *(f'**{more(n, "flash"):,}**' + (f' of {limits[n]:,}' if n in limits else '')
                                        for n in base_of)])
    folders = sorted({f for n in base_of for f in builds[n]['folders']},
                     key=lambda f: (_FOLDERS.index(f) if f in _FOLDERS else 9, f))
    for folder in folders if by_folder else ():
        rows.append([f'&nbsp; {folder}', *(_number(builds[n]['folders'].get(folder, 0) -
                                                   builds[base_of[n]]['folders'].get(folder, 0)) for n in base_of)])
    rows.append(['.bss: the pools', *(_number(more(n, 'bss')) for n in base_of)])
    rows.append(['&nbsp; one context', *(_number(builds[n]['negotiate_context']) + _limit(n, 'negotiate_context', fig.BUDGETS)
                                         for n in base_of)])
    rows.append(['C library and compiler runtime beside it', *(_number(more(n, 'runtime')) for n in base_of)])
    rows.append(['**worst stack, in all**', *(f'**{builds[n]["stack"]:,}**{_limit(n, "stack", fig.BUDGETS)}' for n in base_of)])
    return _table(rows)


def negotiate(builds, overruns, by_folder=False):
    """Its rows, and below them what is over a limit: a line of its own each."""
    base_of = {n: n.replace('negotiate', 'ntlm', 1) for n in builds if n.startswith('negotiate')}
    base_of = {n: base for n, base in base_of.items() if base in builds}
    if not base_of:
        return ''
    lines = ''.join(f'- **{line}**\n' for line in fig.overrun_lines(builds, overruns) if 'TLS' not in line)
    lines = lines and '\n' + lines
    return f"""What Negotiate adds to that (its mechanism is NTLM):

{additions_table(builds, base_of, by_folder)}
{lines}"""


# Builds with TLS, and the same without.
_WITHOUT_TLS = (('tls-client-', 'ntlm-client-'), ('tls-', 'ntlm-'), ('everything-', 'negotiate-'))


def without_tls(name):
    """The name of the build that has all but TLS; '' for one that has none."""
    return next((base + name[len(prefix):] for prefix, base in _WITHOUT_TLS if name.startswith(prefix)), '')


def tls(builds, overruns):
    """What TLS adds to core, and what it brings with it."""
    base_of = {n: without_tls(n) for n in builds if without_tls(n) in builds}
    if not base_of:
        return ''
    limits = {a.build: a.limit for a in fig.ADDITIONS}

    def more(name, what):
        return builds[name][what] - builds[base_of[name]][what]

    def schannel(name):
        return builds[name]['folders'].get('core/schannel', 0)
    rows = [['', *base_of],
            ['**flash of core**', *(f'**{more(n, "flash"):,}**' + (f' of {limits[n]:,}' if n in limits else '') for n in base_of)],
            ['&nbsp; core/schannel', *(_number(schannel(n)) for n in base_of)],
            ['&nbsp; the rest of core', *(_number(more(n, 'flash') - schannel(n)) for n in base_of)],
            ['.bss: contexts, arenas, credentials, sessions', *(_number(more(n, 'bss')) for n in base_of)],
            ['&nbsp; one context without its arena', *(_number(builds[n]['tls_context']) for n in base_of)],
            ['&nbsp; one arena', *(_number(builds[n]['tls_arena']) for n in base_of)],
            ['&nbsp; one credential', *(_number(builds[n]['tls_credential']) for n in base_of)],
            ["mbed TLS's flash", *(_number(builds[n]['mbedtls']) for n in base_of)],
            ["mbed TLS's RAM beside the arenas", *(_number(builds[n]['mbedtls_ram']) for n in base_of)],
            ['C library and compiler runtime beside it', *(_number(more(n, 'runtime')) for n in base_of)]]
    lines = ''.join(f'- **{line}**\n' for line in fig.overrun_lines(builds, overruns) if 'TLS' in line)
    lines = lines and '\n' + lines
    return f"""What TLS adds to that, with mbed TLS 3.6 as config/mbedtls_small.h has it (TLS 1.2 and 1.3; everything: with Negotiate too):

{_table(rows)}
{lines}"""


def stack_table(first, second):
    """One row a function; the figures and path of first, and the figure of second."""
    rows = [['function', *(name.rpartition('-cortex-')[2].upper() for name, _ in (first, second)),
             'when the firmware is called', 'deepest path']]
    functions = first[1]['functions']
    for name in sorted(functions, key=lambda n: (-functions[n]['stack'], n)):
        f = functions[name]
        other = second[1]['functions'].get(name)
        rows.append([f'`{name}`', _number(f['stack']), _number(other and other['stack']), _number(f['firmware']),
                     ' › '.join(f['path'])])
    return _table(rows, ['---', '--:', '--:', '--:', '---'])


def options_table(builds, base, options):
    rows = [['', 'flash', 'against the default']]
    for name, title in options:
        if name in builds:
            rows.append([title, _number(builds[name]['flash']), f'{builds[name]["flash"] - builds[base]["flash"]:+,}'])
    return _table(rows)


def _without_options(builds, options):
    option_names = {name for name, _ in options}
    return {n: b for n, b in builds.items()
            if not n.startswith('negotiate') and not without_tls(n) and (n not in option_names or n == options[0][0])}


README_BEGIN, README_END = '<!-- sizes: tests/budget/run --update writes them -->', '<!-- end of sizes -->'


def readme(text, figures, budgets, options, overruns):
    """README.md with TABLE.md's first table between the marks; None without the marks."""
    before, begin, rest = text.partition(README_BEGIN)
    _, end, after = rest.partition(README_END)
    if not begin or not end:
        return None
    builds = figures['builds']
    return f'''{before}{begin}
{sizes_table(_without_options(builds, options), budgets)}

{negotiate(builds, overruns)}
{tls(builds, overruns)}{end}{after}'''


def markdown(figures, budgets, options, overruns):
    builds = figures['builds']
    main = _without_options(builds, options)
    with_negotiate = {n: b for n, b in builds.items() if n.startswith('negotiate')}

    def stacks(*names):
        return stack_table(*((n, builds[n]) for n in names))
    return f'''# What BareSSPI takes

Octets. Made by `tests/budget/run --update`; `tests/budget/run` compares and fails at 1 % more, or over a limit ("of"). Compiler:
arm-none-eabi-gcc {figures['compiler']}, -Os, linked with --gc-sections into a program that uses the whole API of the halves named, names
in UTF-8. ntlm-client is the client half alone, ntlm both halves, both without Negotiate; negotiate-client and negotiate are the same
with it. Pools of the default sizes of config/.

{sizes_table(main, budgets)}

{negotiate(builds, overruns, by_folder=True)}
With Negotiate, in all:

{sizes_table(with_negotiate, budgets)}

{tls(builds, overruns)}
Other choices, both halves, Cortex-M4:

{options_table(builds, options[0][0], options)}

For scale, flash measured in the same way:

{_table([['', 'flash', 'remark'], *([n, s, r] for n, s, r in SCALE)], ['---', '--:', '---'])}

![flash of NTLM, ours and others'](sizes.svg)

## Stack of every function of the API (both halves)

By the compiler's call graph, the C library's and the compiler's functions included; there is no recursion and no frame of
changing size. The firmware's own functions (the port, an authority's callbacks) come on top of the column "when the firmware is
called", which is the most that is in use when one of them is (Cortex-M4). The worst case is the greater of the two.

{stacks('ntlm-cortex-m4', 'ntlm-cortex-m0')}

With Negotiate:

{stacks('negotiate-cortex-m4', 'negotiate-cortex-m0')}
'''


def svg(figures):
    builds = figures['builds']

    def ours(name):
        return [(f'p{i}', builds[name]['folders'].get(folder, 0)) for i, folder in enumerate(_FOLDERS) if folder in _LEGEND]
    rows = [
        ('BareSSPI, client', 'MIC, bindings, signing, sealing', ours('ntlm-client-cortex-m4')),
        ('BareSSPI, client + server', 'the same, both ways', ours('ntlm-cortex-m4')),
        ('libsmb2, client', 'no MIC, key exchange or sealing', [('other', LIBSMB2)]),
        ('WinPR, client + server', 'and what it needs around it; heap', [('other', WINPR), ('around', WINPR_AROUND)]),
    ]
    legend = [(f'p{i}', _LEGEND[f]) for i, f in enumerate(_FOLDERS) if f in _LEGEND] + [('other', "others' NTLM"), ('around', 'around it')]
    return chart.draw('Flash for NTLM on a Cortex-M4', legend, rows,
                      f'arm-none-eabi-gcc {figures["compiler"]}, -Os, --gc-sections. The figures of core: tests/budget/run.')
