# SPDX-License-Identifier: Apache-2.0
"""The device on a network: what it does with servers and clients that others wrote, and with those that mean no
good."""
