# SPDX-License-Identifier: Apache-2.0
"""The closing table: what the image and the logins took."""

from parts import Parts
from peers.device import image_of

SHOWN = (
    ("BareSSPI", "BareSSPI"),
    ("mbed TLS", "mbed TLS"),
    ("lwIP", "lwIP, sockets, clock"),
    ("examples", "HTTP, LDAP, web page"),
    ("board", "board, console"),
    ("libc", "libc and the compiler's runtime"),
)


def show(board, uses, costs):
    """uses: what the device said of itself (`use`) at the end of each boot."""
    most = {name: max(use[name]["most"] for use in uses) for name in ("arena", "lwip heap", "lwip pools", "stack")}
    use = uses[0]
    parts = Parts(image_of(board).with_suffix(".map"))
    print(f"\n{board}, octets {'':25} flash         RAM")
    for owner, name in SHOWN:
        print(f"   {name:<32} {parts.flash[owner]:10,d}  {parts.ram[owner]:10,d}")
    print(f"   {'together, without the stack':<32} {parts.flash.total():10,d}  {parts.ram.total():10,d}")
    print("\nof that RAM")
    for name, size, note in (
        ("BareSSPI's pools", parts.pools, "contexts and credentials"),
        ("TLS's arenas", parts.arenas, f"of one, {most['arena']:,d} were in use at most"),
        ("lwIP's heap", use["lwip heap"]["of"], f"{most['lwip heap']:,d} in use at most"),
        ("lwIP's pools", use["lwip pools"]["of"], f"{most['lwip pools']:,d} in use at most"),
    ):
        print(f"   {name:<32} {size:10,d}  {note}")
    print(f"   {'stack, besides':<32} {use['stack']['of']:10,d}  {most['stack']:,d} deep at most")
    print("\ninstructions, counted by QEMU (-icount shift=0) in a boot of its own: all that the board executes, lwIP and")
    print("driver too; not its waiting, and not what the other side does")
    for name, count in costs:
        print(f"   {name:<56} {count:14,d}")
