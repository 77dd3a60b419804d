# SPDX-License-Identifier: Apache-2.0
"""Where things are."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "peers"
