#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a board, its console and its port do what they say.

usage: check.py BOARD PROBE-IMAGE TOKEN-IMAGE

Each case runs an image by boards/run-image and looks at its output and its exit status. The last line counts them.
"""
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RUN_IMAGE = os.path.join(HERE, "..", "..", "boards", "run-image")
FAULT = 70  # boards/common/start.cpp
SECONDS_1601_TO_1970 = 11644473600


class Board:
    def __init__(self, name, probe, token):
        self.name, self.probe_image, self.token_image = name, probe, token

    def run(self, image, *arguments, given=b"", environment=None):
        return subprocess.run([RUN_IMAGE, self.name, image, *arguments], input=given, capture_output=True, timeout=60,
                              env=dict(os.environ, **(environment or {})))

    def probe(self, *arguments, **more):
        return self.run(self.probe_image, *arguments, **more)

    def emulated(self):
        return self.name != "host"

    def deepest_stack(self, result):
        return int(re.search(rb"stack: deepest (\d+) of \d+ octets", result.stderr).group(1))


def arguments_arrive_as_given(board):
    given = ["plain", "two words", " blanks ", "", "comma,comma,,", "Passw0rd!", 'quote"quote', "back\\slash", "'", "$x;*"]
    result = board.probe("arguments", *given)
    assert result.stdout.decode() == "".join("<%s>\n" % g for g in given), result.stdout
    assert result.returncode == len(given), result.returncode


def the_console_carries_every_octet_of_a_long_text(board):
    octets = bytes(o for o in range(256) if o != 4)  # EOT is the end of the input
    text = (octets + b"\n") * 40
    result = board.probe("echo", given=text)
    assert result.stdout == text, "%d of %d octets came back" % (len(result.stdout), len(text))
    assert result.returncode == 0


def the_clock_is_the_hosts(board):
    before = int(time.time())
    result = board.probe("clock")
    after = time.time()
    seconds = int(result.stdout, 16) / 1e7 - SECONDS_1601_TO_1970
    assert before <= seconds <= after, (before, seconds, after)


def random_octets_differ(board):
    lines = board.probe("random").stdout.split() + board.probe("random").stdout.split()
    assert len(lines) == 8 and len(set(lines)) == 8, lines
    ones = sum(bin(int(line, 16)).count("1") for line in lines)
    assert abs(ones - 8 * 256) < 300, "%d ones in 4096 bits" % ones  # more than nine standard deviations


def the_task_token_is_kept(board):
    assert board.probe("task-token").returncode == 0


def the_device_is_what_the_program_sets(board):
    assert board.probe("device").returncode == 0


def the_log_goes_to_standard_error(board):
    result = board.probe("log", environment={"BARESSPI_LOG": "1"})
    assert result.returncode == 0 and result.stdout == b""
    assert b"baresspi: " in result.stderr and b"0x00001234" in result.stderr, result.stderr


def a_wrong_option_is_a_usage_line(board):
    for wrong in (["--bogus", "x"], ["--user"], ["--flags", "bogus"], ["--nthash", "00"], ["--cb", "0"]):
        result = board.run(board.token_image, "client", "ntlm", *wrong)
        assert result.returncode == 2 and b"usage: baresspi-token" in result.stderr, (wrong, result)
        assert result.stdout == b"", result.stdout


def the_deepest_stack_is_measured(board):
    few, more = (board.deepest_stack(board.probe(what)) for what in ("stack-1000", "stack-2000"))
    assert 1000 <= few <= 1700 and 900 <= more - few <= 1400, (few, more)


def a_stack_overflow_ends_the_run(board):
    result = board.probe("stack-overflow")
    assert result.returncode == FAULT, result
    assert b"the stack has overflowed" in result.stderr, result.stderr


def a_fault_ends_the_run(board):
    result = board.probe("fault")
    assert result.returncode == FAULT, result
    assert b"board: fault" in result.stderr and b"overflowed" not in result.stderr, result.stderr


ALL = [arguments_arrive_as_given, the_console_carries_every_octet_of_a_long_text, the_clock_is_the_hosts, random_octets_differ,
       the_task_token_is_kept, the_device_is_what_the_program_sets, the_log_goes_to_standard_error,
       a_wrong_option_is_a_usage_line]
EMULATED = [the_deepest_stack_is_measured, a_stack_overflow_ends_the_run, a_fault_ends_the_run]


def main():
    if len(sys.argv) != 4:
        sys.stderr.write(__doc__)
        return 2
    board = Board(*sys.argv[1:])
    failed = 0
    cases = ALL + (EMULATED if board.emulated() else [])
    for case in cases:
        name = case.__name__.replace("_", " ")
        try:
            case(board)
            print("ok    %s: %s" % (board.name, name))
        except (AssertionError, AttributeError, ValueError, subprocess.TimeoutExpired) as error:
            failed += 1
            print("FAIL  %s: %s: %r" % (board.name, name, error))
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    return 1 if failed else 0


sys.exit(main())
