"""How much room the lists of one page have for long addresses.

A search of 2,000 characters is 18 kB in an address, and a page lists hundreds of addresses that repeat it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from web.current_g import current_g

ORDINARY_BYTES = 1_500
MOST_LISTED_BYTES = 256 * 1024
"""What longer addresses in the lists of one page may take together."""
_T = TypeVar("_T")


def listed(make: Callable[[], str]) -> str:
    """An address in a list of a page; "" once long ones have taken all their room."""
    if not has_room():
        return ""
    address = make()
    take_room(len(address))
    return address


def listing(make: Callable[[_T], str]) -> Callable[[_T], str]:
    """As `listed`, for the addresses of one list, which are made one behind the other."""
    room = has_room()

    def make_listed(value: _T) -> str:
        nonlocal room
        if not room:
            return ""
        address = make(value)
        if len(address) > ORDINARY_BYTES:
            take_room(len(address))
            room = has_room()
        return address

    return make_listed


def has_room() -> bool:
    """Whether this page's lists may have another long address."""
    taken: int = current_g().__dict__.get("listed_bytes", 0)  # without an AttributeError where nothing is
    return taken < MOST_LISTED_BYTES


def take_room(size: int) -> None:
    """Note an address; an ordinary one takes no room."""
    if size > ORDINARY_BYTES:
        values = current_g()
        values.listed_bytes = getattr(values, "listed_bytes", 0) + size
