# SPDX-License-Identifier: Apache-2.0
"""The device as the checks of faults see it: how long a command takes, and that everything is given back after it."""

import atexit
import contextlib
import queue
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from peers.pair import CheckFailed

MARGIN = {"host": 1.5}  # s that a command may take on top of its --timeout
MARGIN_BOARD = 3.0
SETTLED_WITHIN = 5.0  # s: what TCP still had to say to a peer that does not answer any more
MOST_IDLE = 4  # an emulated board that waits costs some time, too
PATIENCE = 60.0  # s after which it is dead, and not late


class Lender:
    """Makes devices, and lends those again that came back in order: a board takes longer to start than most checks."""

    def __init__(self, factory):
        self._factory = factory
        self._idle = queue.LifoQueue(MOST_IDLE)
        self._maker = ThreadPoolExecutor(1)  # a device ends with the thread that made it
        atexit.register(self._close)

    @contextlib.contextmanager
    def __call__(self):
        try:
            device = self._idle.get_nowait()
        except queue.Empty:
            device = self._maker.submit(self._factory).result()
        try:
            yield device
        except BaseException:
            device.close()
            raise
        try:
            self._idle.put_nowait(device)
        except queue.Full:
            device.close()

    def _close(self):
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()


@dataclass(frozen=True)
class Done:
    status: int
    seconds: float
    text: str
    complaint: str

    def __str__(self):
        return f"{self.text[-300:]!r} {self.complaint[-200:]!r}"


def run(device, words, seconds=None):
    """A command. seconds: its --timeout, which it has to keep; None: it is not measured."""
    begin = time.monotonic()
    status, text = device.run(words, PATIENCE)
    done = Done(status, time.monotonic() - begin, text, device.complaint)
    if seconds is not None and done.seconds > seconds + MARGIN.get(device.target, MARGIN_BOARD):
        raise CheckFailed(f"took {done.seconds:.1f} s, with a --timeout of {seconds}: {done}")
    return done


def must_have_its_memory(device, before):
    """lwIP's heap, where there is one, is as full as it was before: use() of then. Of its pools, connections in
    TIME_WAIT still have their share."""
    end = time.monotonic() + SETTLED_WITHIN
    while (now := device.use().get("lwip heap")) != (was := before.get("lwip heap")):
        if now["now"] <= was["now"]:
            return
        if time.monotonic() > end:
            raise CheckFailed(f"lwip heap: {now['now']} octets, were {was['now']}")
        time.sleep(0.2)
