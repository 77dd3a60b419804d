# SPDX-License-Identifier: Apache-2.0
"""The stack that functions of the C library and of the compiler's runtime take, read off their instructions: they come without
a call graph. Pushes are added up as if all of them happened on one path, which is never too little for code without loops
around a push."""
import re

from build import BuildError, run
from elf import Elf

_FUNCTION = re.compile(r'^[0-9a-f]+ <([^>]+)>:$')
_INSTRUCTION = re.compile(r'^\s*[0-9a-f]+:\t(\S+)\s*(.*)$')
_BRANCH = re.compile(r'^(bl|blx|b|b\.[nw]|b[a-z]{2}(\.[nw])?)$')
_CALLEE = re.compile(r'<([^>+]+)>')


def _registers(text):
    names = re.search(r'\{([^}]*)\}', text).group(1).split(',')
    return sum(1 for name in names if name.strip())


def _pushed(operation, operands):
    """Bytes by which the instruction lowers sp; None: by an amount that is not in it."""
    if operation.startswith('push') or (operation.startswith('stmdb') and operands.startswith('sp!')):
        return 4 * _registers(operands)
    if operation.startswith('sub') and operands.startswith('sp,'):
        constant = re.match(r'sp,(?: sp,)? #(\d+)', operands)
        return int(constant.group(1)) if constant else None
    moved = re.search(r'\[sp, #-(\d+)\]!', operands)
    if moved:
        return int(moved.group(1))
    # vpush and a moved sp: nobody expects them here, so say so rather than count them for nothing.
    if operation.startswith('vpush') or (operands.startswith('sp,') and operation.startswith(('mov', 'add')) and
                                         not re.match(r'sp,(?: sp,)? #', operands)):
        return None
    return 0


class Runtime:
    def __init__(self, objdump, image):
        self._frames, self._calls, self._odd = {}, {}, {}
        self._places = {s.name: s.address for s in Elf(image).symbols if s.is_function and s.defined}
        name = None
        for line in run([objdump, '-d', '--no-show-raw-insn', image]).split('\n'):
            function = _FUNCTION.match(line)
            if function:
                name = function.group(1)
                self._frames[name], self._calls[name] = 0, set()
                continue
            instruction = _INSTRUCTION.match(line)
            if not instruction or name is None:
                continue
            operation, operands = instruction.groups()
            pushed = _pushed(operation, operands)
            if pushed is None:
                self._odd[name] = line.strip()
            else:
                self._frames[name] += pushed
            callee = _CALLEE.search(operands)
            if _BRANCH.match(operation) and callee and callee.group(1) != name:
                self._calls[name].add(callee.group(1))

    def _labelled(self, name):
        """The one of a function's names that the disassembly uses."""
        if name not in self._frames and name in self._places:
            for other, place in self._places.items():
                if place == self._places[name] and other in self._frames:
                    return other
        return name

    def cost(self, name, path=()):
        name = self._labelled(name)
        if name in path:
            raise BuildError(f'{name} of the runtime calls itself')
        if name not in self._frames:
            raise BuildError(f'{name} is not in the image')
        if name in self._odd:
            raise BuildError(f'{name} of the runtime moves its stack pointer by an unknown amount: {self._odd[name]}')
        below = max((self.cost(c, (*path, name)) for c in self._calls[name]), default=0)
        return self._frames[name] + below
