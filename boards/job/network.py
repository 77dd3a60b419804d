#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The main job: a device on a network does with BareSSPI what firmware does. It logs in at web servers inside TLS and
through a proxy, at a directory if there is one, and lets others in at its own web page; then what all of that took.
boards/run builds the programs and calls this.

usage: boards/job/network.py mps2-an385|host [--peer samba] [--serve]"""

import argparse
import contextlib
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "boards" / "job")]

import costs  # noqa: E402
import directory  # noqa: E402
import page  # noqa: E402
import stay  # noqa: E402
import table  # noqa: E402
import web  # noqa: E402
from certificates import Certificates  # noqa: E402
from peers.device import Device  # noqa: E402
from peers.pair import CheckFailed  # noqa: E402
from peers.peer import PeerBroken, PeerRefused  # noqa: E402
from story import Failed, Story  # noqa: E402


def parse(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("board", choices=("mps2-an385", "host"))
    parser.add_argument("--peer", choices=("samba",))
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args(words)


def do_job(arguments):
    story = Story()
    with contextlib.ExitStack() as stack:
        certificates = stack.enter_context(Certificates())
        web.Web.certify(certificates)
        own = page.Page(certificates)
        device = stack.enter_context(Device(arguments.board))
        story.step("The board boots" if arguments.board != "host" else "The program of this machine begins")
        story.line(device.greeting)
        with web.Web(device, certificates) as server:
            web.tell(story, server)
        page.tell(story, device, own)
        device.must_be_idle()
        uses = [device.use()]
        logins = costs_of(arguments.board, certificates)
    if arguments.peer:
        use, more = directory.tell(story, arguments.board)
        uses, logins = [*uses, use], [*logins, *more]
    if arguments.board != "host":
        table.show(arguments.board, uses, logins)
    print("\nDone: logged in and let in, over a network; every context, credential and socket is given back.")


def costs_of(board, certificates):
    return [] if board == "host" else costs.measure(board, certificates)


def main():
    arguments = parse(sys.argv[1:])
    try:
        if arguments.serve:
            return stay.up(arguments.board)
        do_job(arguments)
    except (Failed, CheckFailed, PeerRefused, PeerBroken, OSError, subprocess.SubprocessError) as error:
        print(f"   => FAILED: {error}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nended before the end")
        return 130
    return 0


sys.exit(main())
