# SPDX-License-Identifier: Apache-2.0
"""The sizes to hold: limits of a configuration's figures, limits of what one adds to another, and overruns.txt's limits that are not
held yet."""
from dataclasses import dataclass

KIB = 1024
TOLERANCE = 0.01  # over the table

# Cortex-M4; the other CPUs are held by figures.json alone. A further limit is one more line.
BUDGETS = {
    'ntlm-client-cortex-m4': {'flash': 8 * KIB, 'context': 768, 'stack': int(1.2 * KIB)},
    'ntlm-cortex-m4': {'flash': 11 * KIB, 'context': 768, 'stack': int(1.2 * KIB)},
}
# A slot of contexts is NTLM's and what Negotiate adds to it.
_NEGOTIATE = {'context': 768, 'negotiate_context': 128, 'stack': int(1.5 * KIB)}
BUDGETS.update({'negotiate-client-cortex-m4': _NEGOTIATE, 'negotiate-cortex-m4': _NEGOTIATE})
# With mbed TLS below, the worst of what was painted.
_TLS = {'painted_stack': int(3.2 * KIB)}
BUDGETS.update({'tls-cortex-m4': _TLS, 'everything-cortex-m4': _TLS})
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


def stale_overruns(overruns):
    return [f'overruns.txt: there is no figure {name}' for name in overruns if name not in {a.name for a in ADDITIONS}]
