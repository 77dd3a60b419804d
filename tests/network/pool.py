# SPDX-License-Identifier: Apache-2.0
"""Devices that checks share: started when they are first wanted, lent to one check at a time, and idle when they come
back."""

import contextlib
import queue

from interop.ldap import OnDevice
from interop.web_secure import Client
from peers.baresspi_http import answer_of
from peers.device import HOSTS
from peers.web_page import DevicePage


class Pool:
    """start() makes a device."""

    def __init__(self, start, count=2):
        self._start = start
        self._free = queue.LifoQueue()
        self._all = []
        for _ in range(count):
            self._free.put(None)

    @contextlib.contextmanager
    def device(self):
        device = self._free.get()
        try:
            if device is None or not device.alive():
                device = self._start()
                self._all.append(device)
            yield device
            device.must_be_idle()
        except BaseException:
            # Whatever state it is in: the next check gets a new one.
            if device is not None:
                device.close()
            device = None
            raise
        finally:
            self._free.put(device)

    def close(self):
        for device in self._all:
            if device.alive():
                device.close()


class DeviceClient(Client):
    """The device's command `get` for the checks of baresspi-http-get."""

    patience = 30
    longest = 2000

    def __init__(self, pool, target):
        self._pool, self.loopback = pool, HOSTS[target]

    def get(self, *arguments):
        with self._pool.device() as device:
            status, text = device.run(["get", *arguments])
            return answer_of(status, text.encode(), device.complaint)


class PoolSite:
    """The device's command `serve` for the checks of the web page."""

    slowness = 10

    def __init__(self, pool):
        self._pool = pool
        with pool.device() as device:
            self.contexts = device.use()["contexts of schannel"]["of"]

    @contextlib.contextmanager
    def open(self, *options):
        with self._pool.device() as device, DevicePage(device, *options) as page:
            yield page


class LdapDevice(OnDevice):
    """The device's command `search` for the checks of LDAP; the pool's devices are in the controller's network."""

    def __init__(self, pool, target):
        self._pool, self.host = pool, HOSTS[target]

    def run(self, arguments):
        with self._pool.device() as device:
            return OnDevice(device).run(arguments)
