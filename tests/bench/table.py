# SPDX-License-Identifier: Apache-2.0
"""Tables for a terminal, and for TABLE.md."""


class Tables:
    def __init__(self):
        self._sections = []  # (title, columns, rows, exact)
        self._rows = None

    def begin(self, title, columns, exact=True):
        """exact: the figures are the same in every run, so that they may stand in TABLE.md."""
        self._rows = []
        self._sections.append((title, columns, self._rows, exact))

    def row(self, cells):
        self._rows.append([str(cell) for cell in cells])

    def end(self):
        title, columns, rows, _ = self._sections[-1]
        widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
        print(title)
        for row in [columns, *rows]:
            cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
            print('  '.join(cells).rstrip())
        print()

    @staticmethod
    def ratio(limits, name, value):
        """Two cells: the ratio, and what it is held against."""
        limit, verdict = limits.check(name, value)
        return f'{value:.4g}', limit_cell(limit, verdict)

    @staticmethod
    def figure(limits, name, value):
        """One cell: the figure, and its limit where it is over it."""
        limit, verdict = limits.check(name, value)
        return f'{value:,.0f}' + (f' {verdict} {limit:,g}' if verdict in ('OVER', 'known') else '')

    def markdown(self, introduction_text, known_lines):
        text = [introduction_text.rstrip(), '']
        for title, columns, rows, exact in self._sections:
            text += [f'## {title}', '']
            if not exact:
                text += [f'Of one machine ({processor()}), and of one run.', '']
            text += ['| ' + ' | '.join(columns) + ' |', '| --- |' + ' --: |' * (len(columns) - 1)]
            text += ['| ' + ' | '.join(row) + ' |' for row in rows] + ['']
        if known_lines:
            text += ['## Over the limit, and known to be', '', *(f'- {line}' for line in known_lines), '']
        return '\n'.join(text)


def processor():
    """The processor's name."""
    with open('/proc/cpuinfo') as file:
        names = [line.split(':', 1)[1].strip() for line in file if line.startswith('model name')]
    return names[0] if names else 'unknown'


def introduction():
    return """# What BareSSPI takes beside others

`tests/bench/run all --update` writes this; [README.md](README.md) says who is compared and how it is measured. Ours and
the bare cryptography take as many instructions in every run; of WinPR's and gss-ntlmssp's the first digits stay.

"small-O2": the default cryptography, compiled by -O2; "fast": `BARESSPI_CRYPTO_FAST=1`. "ours / bare": what is around
the cryptography; 1 is the least there can be. "WinPR / ours", "gss / ours": more than 1 means that ours takes less. The
limit of a column is in the next one, or behind `<=`; all are in [limits.txt](limits.txt). `known` is a limit that is
missed, and known to be: why, is at the end. One that is missed and not known is `OVER`, and fails the run."""


def limit_cell(limit, verdict):
    if limit is None:
        return ''
    return f'{limit:g}' if verdict == 'ok' else f'{verdict} {limit:g}'
