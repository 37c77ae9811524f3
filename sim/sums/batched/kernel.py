"""The loops of batched sums: a run in each lane, all of it in the cache.

No lane reads another's numbers, so that the sums of a run have the same bits whichever
runs stand beside it, and however many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.jit.builder import KernelBuilder
from sim.jit.exponential import exponential, score_unit
from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once
from sim.sums.fused.accumulate import WeightedSums

if TYPE_CHECKING:
    from sim.jit.frame import Pointer
    from sim.jit.index import Index
    from sim.jit.vector import Vector

ROWS, KEYS = 2, 4  # whose scores are found together: 8 registers of sums, 6 of factors
SUM_COLUMNS = 4  # of (1, y), whose sums are found together
MAX_UNROLLED = 8  # dimensions up to which a product is written out, without a loop
INTEGERS = (
    *("start", "stop", "last", "row_count", "key_count"),
    *("query_share", "key_share", "value_share"),
)


@dataclass(frozen=True, slots=True)
class BatchSpec:
    """What a kernel is compiled for.

    Attributes
    ----------
    kind : str
        Type of the numbers.
    width, depth : int
        Dimensions of keys and of values.
    values_are_keys : bool
        Whether keys are what is summed over.
    masked : bool
        Whether some pairs do not count.
    """

    kind: str
    width: int
    depth: int
    values_are_keys: bool
    masked: bool


@Once
def batch_kernel(spec: BatchSpec) -> Kernel:
    """Compile the sums of the runs [start, stop), a vector of runs at a time.

    A run is a row of `queries` (·, n·width), the one of number k // query_share, and so
    with keys and values; where there are no more, the run `last` is taken again.  The
    other arrays are scratch buffers, and results with whole vectors of runs.
    `sim.sums.batched.reference.batch` is the same in NumPy.
    """
    return Kernel(_BatchKernel(spec).text(), signature(spec))


def signature(spec: BatchSpec) -> Signature:
    """Return the arguments of the kernel; `scale` is one number, c."""
    kind = spec.kind
    arrays = [
        ArrayArgument("scale", kind, (1,)),
        ArrayArgument("queries", kind, ("query_runs", "n", spec.width)),
        ArrayArgument("keys", kind, ("key_runs", "m", spec.width)),
    ]
    if not spec.values_are_keys:
        arrays.append(ArrayArgument("values", kind, ("value_runs", "m", spec.depth)))
    if spec.masked:
        arrays.append(ArrayArgument("bias", kind, ("n", "m")))
        arrays.append(ArrayArgument("allowed", kind, ("n", "m")))
    arrays += [
        ArrayArgument("top", kind, ("runs", "n")),
        ArrayArgument("mass", kind, ("runs", "n")),
        ArrayArgument("mean", kind, ("runs", "n", spec.depth)),
        ArrayArgument("held", kind, ("vectors", "lanes"), aligned=True),
    ]
    return Signature(tuple(arrays), INTEGERS)


def held_vectors(spec: BatchSpec, m: int) -> int:
    """Return how many vectors of scratch the sums over `m` keys need."""
    values = 0 if spec.values_are_keys else m * spec.depth
    rows = spec.width + m + spec.depth + 1  # queries, weights, sums
    return m * spec.width + values + ROWS * rows


class _BatchKernel:
    """The scratch buffer holds keys, values, two queries, their weights and sums."""

    def __init__(self, spec: BatchSpec) -> None:
        self.spec = spec
        self.code = code = KernelBuilder(spec.kind, signature(spec))
        self.n, self.m = code.integer("row_count"), code.integer("key_count")
        held = code.pointer("held")
        self.keys, used = held, self.m * spec.width
        self.values = held
        if not spec.values_are_keys:
            self.values = code.address_of(held, used, code.vector_type)
            used = used + self.m * spec.depth
        self.queries = code.address_of(held, used, code.vector_type)
        used = used + ROWS * spec.width
        self.sums = code.address_of(held, used, code.vector_type)
        used = used + ROWS * (spec.depth + 1)
        self.weights = code.address_of(held, used, code.vector_type)

    def text(self) -> str:
        """Return the kernel in LLVM's language."""
        code = self.code
        start, stop = code.integer("start"), code.integer("stop")
        code.for_range(start, stop, code.lanes, self._runs)
        return code.text()

    def _runs(self, first: Index) -> None:
        """Write the sums of the runs from `first` on, one a lane."""
        spec, code, last = self.spec, self.code, self.code.integer("last")
        runs = [(first + k).minimum(last) for k in range(code.lanes)]

        def starts(name: str, size: Index) -> list[Index]:
            share = code.integer(f"{name}_share")
            return [run // share * size for run in runs]

        size = self.m * spec.width
        self._hold("keys", starts("key", size), size, self.keys)
        if not spec.values_are_keys:
            size = self.m * spec.depth
            self._hold("values", starts("value", size), size, self.values)
        queries = starts("query", self.n * spec.width)
        code.for_range(0, self.n, ROWS, partial(self._rows, first, queries))

    def _hold(self, name: str, starts: list[Index], size: Index, held: Pointer) -> None:
        """Write `size` numbers of each run, from its start on, to vectors."""
        code, source = self.code, self.code.pointer(name)

        def number(k: Index) -> None:
            code.store(code.gather(source, [at + k for at in starts]), held, k)

        code.for_range(0, size, 1, number)

    def _rows(self, first: Index, queries: list[Index], i: Index) -> None:
        """Write the sums of the rows i and i + 1, or of the last row twice."""
        rows = [(i + r).minimum(self.n - 1) for r in range(ROWS)]
        for r, row in enumerate(rows):
            self._hold_query([at + row * self.spec.width for at in queries], r)
        tops = self._write_scores(rows)
        for r, (row, top) in enumerate(zip(rows, tops.each(), strict=True)):
            self._weigh(r, row, top)
        self._add_up()
        for r, (row, top) in enumerate(zip(rows, tops.each(), strict=True)):
            self._write(first, r, row, top)

    def _hold_query(self, starts: list[Index], r: int) -> None:
        code, width = self.code, self.spec.width
        source, scale = (
            code.pointer("queries"),
            code.broadcast(code.pointer("scale"), 0),
        )

        def number(k: Index) -> None:
            q = code.gather(source, [at + k for at in starts])
            code.store(scale * q, self.queries, k + r * width)

        code.for_range(0, width, 1, number)

    def _write_scores(self, rows: list[Index]) -> Vector:
        """Write the scores of two rows; return the largest of each."""
        code = self.code

        def some(count: int, j: Index, tops: Vector) -> Vector:
            scores = self._scores(j, count)
            largest: list[Vector] = []
            for r, (row, top) in enumerate(zip(rows, tops.each(), strict=True)):
                for k, score in enumerate(scores[r * count : (r + 1) * count].each()):
                    if self.spec.masked:
                        place = row * self.m + j + k
                        score = score + code.broadcast(code.pointer("bias"), place)
                    code.store(score, self.weights, j + k + self.m * r)
                    top = top.maximum(score)
                largest.append(top)
            return code.concatenate(largest)

        least = code.constant(float("-inf"))
        even = self.m - self.m % KEYS
        tops = code.concatenate([least] * ROWS)
        tops = code.loop(0, even, KEYS, tops, partial(some, KEYS))
        return code.loop(even, self.m, 1, tops, partial(some, 1))

    def _scores(self, j: Index, count: int) -> Vector:
        """Return ⟨aᵢ,bⱼ⟩ of two rows and `count` keys from j on, row by row."""
        code, width = self.code, self.spec.width
        bases = [(j + k) * width for k in range(count)]

        def term(k: Index | int, scores: Vector) -> Vector:
            keys = code.load(self.keys, *(base + k for base in bases))
            parts: list[Vector] = []
            for r in range(ROWS):
                q = code.load(self.queries, k + r * width)
                parts.append(q.multiply_add(keys, scores[r * count : (r + 1) * count]))
            return code.concatenate(parts)

        scores = code.concatenate([code.constant(0.0)] * (ROWS * count))
        if width > MAX_UNROLLED:
            return code.loop(0, width, 1, scores, term)
        for k in range(width):
            scores = term(k, scores)
        return scores

    def _weigh(self, r: int, row: Index, top: Vector) -> None:
        """Write e^{score − top} in place of the scores of one row."""
        code, unit = self.code, self.code.constant(score_unit(self.spec.kind))

        def some(j: Index, count: int) -> None:
            places = [j + k + self.m * r for k in range(count)]
            scores = code.load(self.weights, *places)
            scaled = (top - scores) * unit
            weights = exponential(code, scaled, may_underflow=True)
            for k, (place, w) in enumerate(zip(places, weights.each(), strict=True)):
                if self.spec.masked:
                    at = row * self.m + j + k
                    w = w * code.broadcast(code.pointer("allowed"), at)
                code.store(w, self.weights, place)

        code.for_blocks(0, self.m, KEYS, some)

    def _add_up(self) -> None:
        """Write the mass and the weighted values of two rows."""
        code, depth, columns = self.code, self.spec.depth, self.spec.depth + 1

        def weight(r: int, j: Index) -> Vector:
            return code.load(self.weights, j + self.m * r)

        def value(j: Index, c: Index | int) -> Vector:
            return code.load(self.values, j * depth + c)

        def keep(r: int, c: Index | int, found: Vector) -> None:
            code.store(found, self.sums, c + r * columns)

        sums = WeightedSums(code, ROWS, weight, value, keep)
        some = partial(sums.write, 0, self.m)
        first = min(SUM_COLUMNS, columns)
        some(0, first)
        if first < columns:
            code.for_blocks(first, columns, SUM_COLUMNS, some)

    def _write(self, first: Index, r: int, row: Index, top: Vector) -> None:
        """Write the results of one row of each run."""
        code, depth, n = self.code, self.spec.depth, self.n
        own = r * (depth + 1)
        mass = code.load(self.sums, own)
        place = first * n + row
        code.scatter(top, code.pointer("top"), place, n)
        code.scatter(mass, code.pointer("mass"), place, n)

        def column(c: Index) -> None:
            mean = code.load(self.sums, c + own + 1) / mass
            code.scatter(mean, code.pointer("mean"), place * depth + c, n * depth)

        code.for_range(0, depth, 1, column)
