# SPDX-License-Identifier: Apache-2.0
"""All faults: of servers that the device logs in at, of clients that log in at the device, and of its cable."""

from peers.samba_dc import why_impossible

from . import cable, client_faults, clients, page_faults
from .client_faults import Pace, Shared
from .many_logins import checks as login_checks
from .subject import Lender

PACE = {"host": Pace()}
PACE_BOARD = Pace(one_in=3, quick=1, waiting=4)
SECONDS = {"host": 2}  # the --timeout of a command
SECONDS_BOARD = 3
PAGE_SECONDS = {"host": 1}
PAGE_SECONDS_BOARD = 2


def checks(device_factory):
    """device_factory() makes a Device, of the same target each time."""
    device_factory = Lender(device_factory)
    with device_factory() as device:
        target = device.target
    pace, seconds = PACE.get(target, PACE_BOARD), SECONDS.get(target, SECONDS_BOARD)
    kinds = (clients.Http, clients.Https)
    if why_impossible():
        print(f"SKIP faults of LDAP: {why_impossible()}")
    else:
        kinds += (clients.Ldap, clients.Ldaps)
    shared = {kind: Shared(device_factory, kind(seconds)) for kind in kinds}
    for each in shared.values():
        yield from client_faults.checks(device_factory, each, pace)
    for secure in (False, True):
        page = page_faults.Page(secure, PAGE_SECONDS.get(target, PAGE_SECONDS_BOARD))
        yield from page_faults.checks(device_factory, page, pace)
    if target != "host":
        yield from cable.checks(device_factory, shared[clients.Https])
    yield from login_checks(device_factory)
