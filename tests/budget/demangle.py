# SPDX-License-Identifier: Apache-2.0
"""Symbols as a reader wrote them: one call of c++filt for all of a build."""
import subprocess


class Demangler:
    def __init__(self, objects):
        names = sorted({s.name for o in objects for s in o.elf.symbols if s.name.startswith('_')})
        done = subprocess.run(['c++filt', '-p'], input='\n'.join(names), stdout=subprocess.PIPE, text=True, check=True)
        readable = done.stdout.split('\n')
        self._names = dict(zip(names, readable))

    def __call__(self, name):
        return self._names.get(name, name).replace('(anonymous namespace)::', '').removeprefix('baresspi::')
