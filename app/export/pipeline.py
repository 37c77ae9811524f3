"""Work of several threads in a row: in order, with a bounded number of items between.

`ahead` computes what comes next while its caller works; `behind` lets the caller go on
while what it made is used.  What one side raises, the other one gets.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

T = TypeVar("T")
WAKE_S = 0.1  # a thread that waits looks so often for signals, such as Ctrl-C


class Channel(Generic[T]):
    """A queue of at most `room` items between two threads."""

    def __init__(self, room: int) -> None:
        self._room, self._items = room, deque[T]()
        self._changed = threading.Condition()
        self._ended, self._left = False, False
        self._error: BaseException | None = None

    def put(self, item: T) -> bool:
        """Add an item once there is room; return False if its reader has left."""
        with self._changed:
            while len(self._items) >= self._room and not self._left:
                self._changed.wait(WAKE_S)
            self._items.append(item)
            self._changed.notify_all()
            return not self._left

    def end(self, error: BaseException | None = None) -> None:
        """Say that no item follows; the reader gets `error`, if any."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify_all()

    def leave(self) -> None:
        """Say that nothing will be read any more."""
        with self._changed:
            self._left = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                while not self._items and not self._ended:
                    self._changed.wait(WAKE_S)
                if self._error is not None:
                    raise self._error
                if not self._items:
                    return
                item = self._items.popleft()
                self._changed.notify_all()
            yield item


@contextlib.contextmanager
def ahead(source: Iterator[T], room: int) -> Generator[Iterator[T]]:
    """Yield the items of `source`, computed on a thread up to `room` items ahead."""
    channel = Channel[T](room)

    def compute() -> None:
        try:
            for item in source:
                if not channel.put(item):
                    break
        except BaseException as error:
            channel.end(error)
        else:
            channel.end()

    thread = threading.Thread(target=compute, name="ahead", daemon=True)
    thread.start()
    try:
        yield iter(channel)
    finally:
        channel.leave()
        thread.join()


@contextlib.contextmanager
def behind(
    use: Callable[[Iterator[T]], None], room: int
) -> Generator[Callable[[T], None]]:
    """Yield a function that hands an item to `use`, which runs on a thread.

    At the end it waits until all is used.  What the caller raises, `use` gets from its
    iterator; what `use` raises, the caller gets at the next item or at the end.
    """
    channel, failed = Channel[T](room), list[BaseException]()

    def work() -> None:
        try:
            use(iter(channel))
        except BaseException as error:
            failed.append(error)
        channel.leave()

    def hand_over(item: T) -> None:
        if not channel.put(item) and failed:
            raise failed[0]

    thread = threading.Thread(target=work, name="behind", daemon=True)
    thread.start()
    try:
        yield hand_over
    except BaseException as error:
        channel.end(error)
        thread.join()
        raise
    channel.end()
    thread.join()
    if failed:
        raise failed[0]
