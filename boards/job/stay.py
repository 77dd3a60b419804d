# SPDX-License-Identifier: Apache-2.0
"""The device's web page, up for a person with curl or a browser, until Enter or Ctrl-C."""

import contextlib
import select
import signal
import sys

import page
from certificates import Certificates
from peers.device import Device

TO_TYPE = """
The page is up at  https://localhost:{port}/   (/whoami is short text, /settings is for admin alone)

  curl --cacert {anchor} --ntlm -u 'EXAMPLE\\alice:Passw0rd!' https://localhost:{port}/whoami
  curl --cacert {anchor} --ntlm -u 'EXAMPLE\\admin:Adm1n!' https://localhost:{port}/settings
  curl --cacert {anchor} --cert {certificate} --key {key} https://localhost:{port}/whoami
  {get} https://localhost:{port}/whoami --trust {anchor} --user alice --domain EXAMPLE --password 'Passw0rd!'

In a browser (chromium, firefox): that URL, and EXAMPLE\\alice with Passw0rd! in its question. It warns first: the
certificate is by an authority made for this run, {anchor}
(firefox: Settings, Certificates, Import; chromium: Settings, Security, Manage certificates, Authorities).

Who comes in is told below. Enter or Ctrl-C ends it.
"""


def up(board):
    """Until it is told to end; the exit status."""
    with contextlib.ExitStack() as stack:
        own = page.Page(stack.enter_context(Certificates()))
        device = stack.enter_context(Device(board))
        print(device.greeting)
        with device.serve((*own.words, "--timeout", "300")) as serving:
            certificate, key = own.client
            get = page.program("baresspi-http-get")
            print(
                TO_TYPE.format(port=serving.port, anchor=own.anchor, certificate=certificate, key=key, get=get),
                flush=True,
            )
            _follow(device)
        print("ended; everything is given back" if serving.status == 0 else f"ended with {serving.status}")
        return 1 if serving.status else 0


def _follow(device):
    watched = [sys.stdin, device.output()]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            ready, _, _ = select.select(watched, [], [])
            if sys.stdin in ready:
                if sys.stdin.readline():
                    return
                watched.remove(sys.stdin)  # nobody is there to press Enter
            if device.output() in ready:
                for line in device.lines():
                    print(f"  {line}", flush=True)
    except KeyboardInterrupt:
        print()
