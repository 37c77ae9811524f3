"""Stand-ins for what CuPy records steps with: streams, graphs, and pools of memory."""

from functools import partial

import numpy as np


class Tape:
    """What is launched while a stream is captured, to be launched again.

    As on a card nothing is computed meanwhile: results are NaN until the first launch;
    nothing may be read, and CuPy lets neither BLAS nor the host's arrays in.
    """

    running = None

    def __init__(self):
        self.operations = []

    def launch(self, stream=None):
        for operation in self.operations:
            operation()

    @classmethod
    def done(cls, operation, outputs=()):
        """Do `operation`, and note it with what it makes while a tape is running."""
        found = operation()
        made = [found] if isinstance(found, np.ndarray) else list(outputs)
        if cls.running is not None:
            cls.running.operations.append(partial(again, operation, found))
            for one in made:
                one.fill(np.nan if one.dtype.kind == "f" else 0)
        return found

    @classmethod
    def read(cls):
        """Refuse to look at numbers while a tape is running."""
        if cls.running is not None:
            raise RuntimeError("the current stream is capturing, so no synchronous API")


def again(operation, place):
    found = operation()
    if isinstance(place, np.ndarray) and found is not place:
        np.copyto(place, found)


class Stream:
    """A stream, which can be captured where it is no default one."""

    def __init__(self, ptr=9, *, non_blocking=False):
        self.ptr, self.non_blocking = ptr, non_blocking

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def synchronize(self):
        Tape.read()

    def begin_capture(self):
        assert self.non_blocking and Allocator.taken, "memory must stay with the graph"
        Tape.running = Tape()

    def end_capture(self):
        tape, Tape.running = Tape.running, None
        return tape


class MemoryPool:
    """Where a graph's arrays live; says whether they were given back."""

    freed = 0

    def malloc(self, size):
        raise AssertionError("NumPy has its own memory")

    def free_all_blocks(self):
        type(self).freed += 1


class Allocator:
    """Takes memory from a pool."""

    taken = None

    def __init__(self, malloc):
        self.malloc = malloc

    def __enter__(self):
        Allocator.taken = self.malloc

    def __exit__(self, *_):
        Allocator.taken = None
