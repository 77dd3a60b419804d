# SPDX-License-Identifier: Apache-2.0
"""README.md's table of speed, out of TABLE.md: a choice of its rows, no figure of its own."""

BEGIN, END = '<!-- speed: tests/bench/run readme makes it of tests/bench/TABLE.md -->', '<!-- end of speed -->'
BUILDS = ('small', 'fast')
# (title, TABLE.md's row of instructions, its section, its row of time)
ROWS = (('NTLM handshake', 'NTLM handshake, both sides', 'login', 'NTLM login'),
        ('Negotiate handshake', 'Negotiate handshake, both sides', 'login', 'Negotiate login'),
        *((f'seal + unseal {size} octets', f'seal + unseal, {size} octets', 'message', f'seal + unseal, {size} octets')
          for size in ('64', '1,024', '16,384')))


def sections(markdown):
    """TABLE.md's tables: {title: {row's name: [(column, cell)]}}."""
    found, rows, columns = {}, None, None
    for line in markdown.splitlines():
        if line.startswith('## '):
            rows, columns = found.setdefault(line[3:], {}), None
        elif line.startswith('| ') and rows is not None:
            cells = [cell.strip() for cell in line.strip()[1:-1].split('|')]
            if columns is None:
                columns = cells
            elif not cells[0].startswith('---'):
                rows[cells[0]] = list(zip(columns, cells))
    return found


def of(found, title, row):
    """A row of the one table whose title begins so; KeyError names what is missing."""
    tables = [rows for name, rows in found.items() if name.startswith(title)]
    if len(tables) != 1 or row not in tables[0]:
        raise KeyError(f'TABLE.md has no row "{row}" of one table "{title}"')
    return tables[0][row]


def ratio(row, column):
    """The figure in that column, rounded; with the target that it misses, which is in the next column."""
    names = [name for name, _ in row]
    at = names.index(column)
    value = float(row[at][1])
    value = f'{value:.2f}' if value < 10 else f'{value:.1f}'
    missed = at + 1 < len(row) and names[at + 1] == 'limit' and row[at + 1][1].split(' ')[0] in ('known', 'OVER')
    return f'**{value}** ({row[at + 1][1].split(" ")[1]})' if missed else value


def beside(found):
    head = ['']
    for what in ('ours / bare', 'WinPR / ours', 'gss / ours', 'time: WinPR / ours'):
        head += [f'{what}, {BUILDS[0]}', BUILDS[1]]
    lines = []
    for title, row, section, timed in ROWS:
        counted = [of(found, f'A {section}, ours by gcc {build}-O2', row) for build in BUILDS]
        clock = [of(found, f'Nanoseconds of both sides, ours by gcc {build}-O2', timed) for build in BUILDS]
        columns = ('ours / bare', 'WinPR / ours', 'gss / ours')
        lines.append([title, *(ratio(of_build, column) for column in columns for of_build in counted),
                      *(ratio(of_build, 'WinPR / ours') for of_build in clock)])
    return ['| ' + ' | '.join(line) + ' |' for line in (head, ['---', *['--:'] * (len(head) - 1)], *lines)]


def board(found):
    """What a Cortex-M3 executes, by both kinds of cryptography."""
    def ours(row):
        rows = [dict(of(found, f'Cortex-M3, -Os, {build} crypto', row)) for build in BUILDS]
        return ' or '.join(cells['ours'].split(' ')[0] for cells in rows)
    login = dict(of(found, 'Cortex-M3, -Os, TLS, small-1.2', 'tls1.2, client'))['handshake']
    return (f'- A Cortex-M3 (-Os, small or fast) executes for an NTLM client\'s handshake '
            f'{ours("NTLM handshake, client")} instructions, a\n'
            f'  server\'s {ours("NTLM handshake, server")}; to seal 1,024 octets {ours("seal, 1,024 octets")}; '
            f'for a TLS 1.2 client\'s '
            f'handshake, P-256,\n  {login.split(" ")[0]}.')


def over_mbedtls(found):
    def row(name):
        return ratio(of(found, 'TLS, client and server together', f'{name}, TLS 1.3'), 'ratio')
    return (f'- TLS 1.3, instructions, ours over mbed TLS alone: handshake {row("handshake")}, records of 16 KiB '
            f'{row("records of 16 KiB")}, 1 KiB {row("records of 1 KiB")}, 64 octets {row("records of 64 B")}.')


def readme(text, markdown):
    """README.md with the block between the marks made of TABLE.md."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise KeyError('README.md has no marks around its table of speed')
    found = sections(markdown)
    return '\n'.join([before + begin, *beside(found), '', board(found), over_mbedtls(found), end + after])
