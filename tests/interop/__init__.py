# SPDX-License-Identifier: Apache-2.0
"""The matrix: BareSSPI as client and as server with each of the peers in tests/peers. Run it by tests/interop/run."""
