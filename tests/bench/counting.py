# SPDX-License-Identifier: Apache-2.0
"""What the stretches of a program cost, as meter.h marks them."""
import glob
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field

SIDES = ('client', 'server')


@dataclass
class Cost:
    """Of the stretches of one name, by side: added up; the largest stack; heap_peak is above the first's start."""
    instructions: dict = field(default_factory=lambda: defaultdict(int))
    heap_calls: dict = field(default_factory=lambda: defaultdict(int))
    heap_peak: dict = field(default_factory=lambda: defaultdict(int))
    heap_kept: dict = field(default_factory=lambda: defaultdict(int))
    stack: dict = field(default_factory=lambda: defaultdict(int))


@dataclass
class Costs:
    stretches: dict  # name to Cost
    tokens: list     # octets, in the order of the calls
    output: str = ''

    def instructions(self, name, *sides):
        """Of these sides, or of both. None: there is no such stretch."""
        cost = self.stretches.get(name)
        return cost and sum(cost.instructions[side] for side in sides or SIDES)


def environment(accounts):
    """accounts: the file that gss-ntlmssp's server reads, or None."""
    return dict(os.environ, LD_BIND_NOW='1', WLOG_LEVEL='OFF', NTLM_USER_FILE=accounts or os.devnull)


def run(command, env):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f'{" ".join(command)}: failed\n{done.stdout[-1000:]}{done.stderr[-2000:]}')
    return done.stdout


def instructions_of(program, arguments, env):
    """[(name, side, instructions)] in the order of the stretches."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'profile')
        run(['valgrind', '--tool=callgrind', '--collect-atstart=no', f'--callgrind-out-file={out}',
             program, *arguments], env)
        for path in sorted(glob.glob(out + '.*'), key=lambda path: int(path.rsplit('.', 1)[1])):
            with open(path) as file:
                text = file.read()
            name = re.search(r'^desc: Trigger: Client Request: (.*)/(\w+)$', text, re.M)
            if name is not None:
                found.append((*name.groups(), int(re.search(r'^(?:totals|summary): (\d+)', text, re.M).group(1))))
    return found


def count(program, accounts, heap_library, arguments=()):
    """heap_library: libbench-heap.so; None: instructions alone."""
    env = environment(accounts)
    stretches, tokens = defaultdict(Cost), []
    for name, side, instructions in instructions_of(program, arguments, env):
        stretches[name].instructions[side] += instructions
    if heap_library is None:
        return Costs(stretches, tokens)
    output = run([program, *arguments], dict(env, LD_PRELOAD=heap_library))
    for line in output.splitlines():
        if match := re.match(r'(.*)/(\w+) stack (\d+) calls (\d+) peak (\d+) kept (-?\d+)$', line):
            name, side = match.group(1, 2)
            stack, calls, peak, kept = (int(n) for n in match.group(3, 4, 5, 6))
            cost = stretches[name]
            cost.stack[side] = max(cost.stack[side], stack)
            cost.heap_calls[side] += calls
            cost.heap_peak[side] = max(cost.heap_peak[side], cost.heap_kept[side] + peak)
            cost.heap_kept[side] += kept
        elif match := re.match(r'token (\d+)$', line):
            tokens.append(int(match.group(1)))
    return Costs(stretches, tokens, output)
