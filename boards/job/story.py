# SPDX-License-Identifier: Apache-2.0
"""What the job tells: numbered steps, what happened in each, and what came of it."""


class Failed(Exception):
    """A step did not end as it should."""


class Story:
    def __init__(self):
        self._steps = 0

    def step(self, what):
        self._steps += 1
        print(f"\n{self._steps}. {what}", flush=True)

    def line(self, text):
        for each in text.splitlines():
            print(f"   {each}".rstrip(), flush=True)

    def result(self, text):
        print(f"   => {text}", flush=True)


def must(condition, what):
    if not condition:
        raise Failed(what)
