# SPDX-License-Identifier: Apache-2.0
"""limits.txt, and what was held of it."""
from fnmatch import fnmatchcase


class Limits:
    def __init__(self, path):
        self.passed = self.failed = 0
        self.known_lines = []
        self.fail_lines = []
        self._lines = []
        self._used = set()
        with open(path) as file:
            for line in file:
                fields = [f.strip() for f in line.split(';')]
                if fields != [''] and not line.startswith('#'):
                    least = fields[1].startswith('>=')
                    limit = float(fields[1].removeprefix('>='))
                    known = (float(fields[2]), fields[3]) if len(fields) > 2 else None
                    self._lines.append((fields[0], least, limit, known))

    def check(self, name, value):
        """(the limit or None, 'ok', 'OVER', 'known' or ''); counts what has a limit."""
        for pattern, least, limit, known in self._lines:
            if not fnmatchcase(name, pattern):
                continue
            self._used.add(pattern)
            if value >= limit if least else value <= limit:
                self.passed += 1
                return limit, 'ok'
            bound = 'at least ' if least else ''
            if known and (value >= known[0] if least else value <= known[0]):
                self.passed += 1
                self.known_lines.append(f"OVER THE DESIGN'S LIMIT: {name}: {value:,.5g}, limit {bound}{limit:,g} "
                                        f'({known[1]})')
                return limit, 'known'
            self.failed += 1
            worse = f', known {known[0]:,g}' if known else ''
            self.fail_lines.append(f'FAIL {name}: {value:,.5g}, limit {bound}{limit:,g}{worse}')
            return limit, 'OVER'
        return None, ''

    def expect_used(self, *patterns):
        """Every limit whose name fits one of the patterns was some figure's: none is of a figure that has another name now."""
        for name, *_ in self._lines:
            if name not in self._used and any(fnmatchcase(name, pattern) for pattern in patterns):
                self.expect(f'limits.txt: {name}: no such figure, or a pattern above has it', False)

    def expect(self, what, good):
        """A check that has no figure."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
            self.fail_lines.append(f'FAIL {what}')
