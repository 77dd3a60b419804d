# SPDX-License-Identifier: Apache-2.0
"""Looks at what compilers make of the functions whose time must not depend on secrets, for processors where a choice by `?:` is a
branch: no function may have more conditional branches than its loops and its choices by public values have."""
import os
import re
import subprocess

from building import ROOT, compile_all

CXX = ['-std=c++20', '-Os', '-DNDEBUG', '-ffunction-sections', '-fdata-sections', '-ffreestanding', '-fno-exceptions', '-fno-rtti',
       '-fno-threadsafe-statics', '-fno-use-cxa-atexit', '-I', ROOT, '-I', os.path.join(ROOT, 'core', 'include')]
TARGETS = {
    'Cortex-M0': ('arm-none-eabi', ['-mcpu=cortex-m0', '-mthumb', '-mfloat-abi=soft']),
    'Cortex-M4': ('arm-none-eabi', ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft']),
    'RV32IMAC': ('riscv64-unknown-elf', ['-march=rv32imac', '-mabi=ilp32']),
}
SOURCES = ('core/base/memory.cpp', 'core/crypto/hmac_md5.cpp', 'core/crypto/md_small.cpp', 'core/crypto/rc4.cpp',
           'core/ntlm/keys.cpp', 'core/ntlm/logon.cpp')
# A function, how many conditional branches it may have, and what they are.
FUNCTIONS = (
    ('baresspi::EqualConstantTime(', 1, 'the loop'),
    ('baresspi::ntlm::(anonymous namespace)::TryDomain(', 2, 'the loop over the key; how long the response is'),
    ('baresspi::ntlm::Proof(', 0, ''),
    ('baresspi::ntlm::SessionBaseKey(', 0, ''),
    ('baresspi::ntlm::(anonymous namespace)::DeriveKey(', 0, ''),
    ('baresspi::HmacMd5::HmacMd5(', 0, ''),
    ('baresspi::HmacMd5::Finish(', 0, ''),
    ('baresspi::MdStream::StartKeyed(', 2, 'the loops over key and pad'),
    ('baresspi::MdStream::Append(', 1, 'whether the block is full'),
    ('baresspi::MdStream::Compress(', 5, 'the loops over rounds and steps; which round it is'),
    ('baresspi::Rc4::Key(', 3, 'the loops over the table; the key begins anew'),
    ('baresspi::Rc4::Apply(', 1, 'the loop'),
    ('baresspi::Rc4::Rewind(', 1, 'the loop'),
)
# Arm: b with a condition, in both widths, and compare-and-branch. RISC-V: those that compare, with and without a zero.
ARM = re.compile(r'^(b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(\.[nw])?|cbn?z)$')
RISCV = re.compile(r'^(c\.)?b(eq|ne|lt|ge|gt|le)u?z?$')
HEAD = re.compile(r'^[0-9a-f]+ <(.*)>:$')
LINE = re.compile(r'^ *[0-9a-f]+:\t(?:[0-9a-f]+ )+ *\t(\S+)\s*(.*)$')


def branches(tools, path):
    """{function: its conditional branches, as objdump prints them}."""
    text = subprocess.run([f'{tools}-objdump', '-dC', path], stdout=subprocess.PIPE, text=True, check=True).stdout
    pattern = ARM if tools.startswith('arm') else RISCV
    found, name = {}, None
    for line in text.splitlines():
        head = HEAD.match(line)
        if head and not head.group(1).startswith('.L'):  # RISC-V's objects keep labels
            name = head.group(1)
            found[name] = []
        instruction = LINE.match(line)
        if instruction and name and pattern.match(instruction.group(1)):
            found[name].append(f'{instruction.group(1)} {instruction.group(2)}')
    return found


def problems_of(folder, target, instead=()):
    """(function, what is wrong with it or '', how many branches it has) of each. instead: {source: another in its place}."""
    tools, flags = TARGETS[target]
    command = [f'{tools}-g++', *flags, *CXX]
    paths = [dict(instead).get(source, os.path.join(ROOT, source)) for source in SOURCES]
    objects = compile_all(os.path.join(folder, target), [(command, path) for path in paths])
    found = {}
    for path in objects:
        found.update(branches(tools, path))
    rows = []
    for function, most, _ in FUNCTIONS:
        its = [of for name, of in found.items() if name.startswith(function)]
        if not its:
            rows.append((function, 'there is no such function', 0))
            continue
        worst = max(its, key=len)
        rows.append((function, '' if len(worst) <= most else f'{len(worst)}, not {most}: {"; ".join(worst)}', len(worst)))
    return rows


def check(tally, folder):
    print('machine: conditional branches of functions that work on secrets, -Os')
    rows = {target: problems_of(folder, target) for target in TARGETS}
    print(f'{"":46}{"may":>5}{"".join(f"{target:>12}" for target in TARGETS)}')
    for i, (function, most, why) in enumerate(FUNCTIONS):
        short = function.replace('baresspi::', '').replace('(anonymous namespace)::', '').rstrip('(')
        print(f'{short:46}{most:>5}{"".join(f"{rows[target][i][2]:>12}" for target in TARGETS)}  {why}')
    for target, of in rows.items():
        wrong = [f'{function} {what}' for function, what, _ in of if what]
        tally.expect(f'machine, {target}: no branch by a secret', not wrong, '; '.join(wrong))
    print()
