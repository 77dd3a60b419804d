#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the self-tests that take minutes, and so are in no test run, still know the code that they break: each text that they replace
stands once in its file. (Those of tests/budget, fuzz and secrets run, and say so themselves.) Exit status 1 where one does not."""
import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(path):
    module = ModuleType(path)
    module.__file__ = os.path.join(ROOT, path)
    SourceFileLoader(path, os.path.join(ROOT, path)).exec_module(module)
    return module


def edits():
    for _, _, _, _, *places in load('tests/faults/selftest').BREAKS:
        for path, old, _ in places:
            yield path, old
    for _, path, old, *_ in load('tests/bench/selftest').CASES:
        if path is not None:
            yield path, old


def main():
    wrong = known = 0
    for path, old in edits():
        known += 1
        with open(os.path.join(ROOT, path)) as file:
            count = file.read().count(old)
        if count != 1:
            wrong += 1
            print(f'{path} has {count} times: {old!r}')
    print(f'{known} places, {wrong} of them no more')
    return 1 if wrong or not known else 0


if __name__ == '__main__':
    sys.exit(main())
