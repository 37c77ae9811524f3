"""A mailbox between two threads that holds one item, the latest."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """A one-slot mailbox: a new item replaces one that was not taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._item: T | None = None

    def put(self, item: T) -> None:
        """Leave `item`."""
        with self._lock:
            self._item = item

    @property
    def full(self) -> bool:
        """Whether an item is waiting."""
        return self._item is not None

    def take(self) -> T | None:
        """Return the item and empty the mailbox; None if there is none."""
        with self._lock:
            item, self._item = self._item, None
        return item
