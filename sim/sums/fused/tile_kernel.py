"""The inner loops of the fused sum: no entry of the n × n matrix leaves the cache."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.jit.builder import KernelBuilder
from sim.jit.exponential import exponential
from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once
from sim.sums.fused.accumulate import WeightedSums

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.jit.index import Index
    from sim.jit.vector import Vector
    from sim.sums.fused.blocking import TileBlocking, TileSpec

SCORE_ROWS, SCORE_GROUPS = 4, 3  # rows by groups whose scores are found together
CHAINS = 4  # exponentials side by side: with more, their numbers leave the registers
MAX_UNROLLED = 8  # dimensions up to which a product is written out, without a loop


@Once
def tile_kernel(spec: TileSpec) -> Kernel:
    """Compile the sums of tiles of rows over a range of groups of keys.

    A tile begins at every row of range(row_start, row_stop, row_step) and adds to its
    rows' sums over the groups [group_start, group_stop) of the `key_count` keys.  If
    symmetric, it reads keys from its own rows on, and the keys after its rows get
    sums over these rows too.  `signature` describes the arrays;
    `sim.sums.fused.reference.tile` is the same in NumPy.
    """
    return Kernel(tile_text(spec), signature(spec))


def tile_text(spec: TileSpec) -> str:
    """Return what `tile_kernel` compiles."""
    write = _TileKernel(spec)
    start, stop, step = (
        write.code.integer(f"row_{k}") for k in ("start", "stop", "step")
    )
    write.code.for_range(start, stop, step, write.tile)
    return write.code.text()


def signature(spec: TileSpec) -> Signature:
    """Return the arguments of the kernel.

    Queries and shifts are in `score_unit`s.  Keys and values are in groups of lanes,
    (groups, stride, lanes); sums begin with the mass, and so do those of keys, which
    only symmetric sums have, as they have the rows' own values (n, d).
    """
    kind, lanes, columns = spec.kind, spec.lanes, spec.columns
    arrays = [
        ArrayArgument("queries", kind, ("rows", spec.width)),
        ArrayArgument("shifts", kind, ("rows",)),
        ArrayArgument("keys", kind, ("groups", spec.key_stride, lanes), aligned=True),
    ]
    if not spec.values_are_keys:
        shape = ("groups", spec.value_stride, lanes)
        arrays.append(ArrayArgument("values", kind, shape, aligned=True))
    if spec.symmetric:
        arrays.append(ArrayArgument("own_values", kind, ("n", spec.depth)))
    shape = ("row_groups", columns, lanes)
    arrays.append(ArrayArgument("row_sums", "float64", shape, aligned=True))
    size = tile_shape(spec, spec.blocking)
    arrays.append(ArrayArgument("tile", kind, size, aligned=True))
    if spec.symmetric:
        shape = ("groups", columns, lanes)
        arrays.append(ArrayArgument("key_sums", kind, shape, aligned=True))
    rows, groups = ("row_start", "row_stop", "row_step"), ("group_start", "group_stop")
    return Signature(tuple(arrays), (*rows, *groups, "key_count"))


def tile_shape(spec: TileSpec, blocking: TileBlocking) -> tuple[int, int]:
    """Return the shape of the scratch buffer: a tile's weights, then its rows' sums."""
    return blocking.rows * (blocking.groups + spec.columns), spec.lanes


class _TileKernel:
    def __init__(self, spec: TileSpec) -> None:
        self.spec, self.blocking = spec, spec.blocking
        self.code = code = KernelBuilder(spec.kind, signature(spec))
        self.queries, self.shifts = code.pointer("queries"), code.pointer("shifts")
        self.keys = code.pointer("keys")
        self.values = self.keys if spec.values_are_keys else code.pointer("values")
        self.row_sums, self.weights = code.pointer("row_sums"), code.pointer("tile")
        self.key_count = code.integer("key_count")
        place = self.blocking.rows * self.blocking.groups
        self.tile_sums = code.address_of(self.weights, place, code.vector_type)

    def tile(self, i: Index) -> None:
        """Write the sums of the tile whose first row is i."""
        code, blocking = self.code, self.blocking
        own = i // code.lanes
        after = own + blocking.rows // code.lanes
        start, stop = code.integer("group_start"), code.integer("group_stop")
        start = own.maximum(start) if self.spec.symmetric else start
        stop = after.minimum(stop) if self.spec.causal else stop

        def clear(k: Index) -> None:
            code.store(code.constant(0.0), self.tile_sums, k)

        def block(g: Index) -> None:
            end = (g + blocking.groups).minimum(stop)
            self._write_weights(i, g, end)
            self._for_columns(partial(self._add_to_rows, g, end))
            if self.spec.symmetric:
                beyond = after.maximum(g).minimum(end)
                add = partial(self._add_to_keys, i, g)
                code.for_blocks(beyond, end, blocking.sum_rows, add)

        code.for_range(0, blocking.rows * self.spec.columns, 1, clear)
        code.for_range(start, stop, blocking.groups, block)
        code.for_range(0, blocking.rows, 1, partial(self._fold, own))

    def _fold(self, own: Index, r: Index) -> None:
        """Add the sums of the tile's row r to the float64 sums of the rows."""
        code, columns = self.code, self.spec.columns
        place = (own + r // code.lanes) * (columns * code.lanes) + r % code.lanes

        def column(c: Index) -> None:
            found = code.load(self.tile_sums, r * columns + c)
            code.add_lanes_to(self.row_sums, place + c * code.lanes, found)

        code.for_range(0, columns, 1, column)

    def _write_weights(self, i: Index, first: Index, end: Index) -> None:
        """Write the weights of the tile's rows and the groups [first, end)."""
        code = self.code

        def some(masked: bool, g: Index, groups: int) -> None:
            weigh = partial(self._weigh, i, first, g, groups, masked=masked)
            code.for_range(0, self.blocking.rows, SCORE_ROWS, weigh)

        code.if_at_most(
            end * code.lanes,
            self._limit(i),
            partial(code.for_blocks, first, end, SCORE_GROUPS, partial(some, False)),
            partial(code.for_blocks, first, end, 1, partial(some, True)),
        )

    def _weigh(
        self, i: Index, first: Index, g: Index, groups: int, r: Index, *, masked: bool
    ) -> None:
        """Write the weights of the rows r, r + 1, … and `groups` groups from g on."""
        code = self.code
        scores = self._scores(i + r, g, groups)
        for a in range(0, SCORE_ROWS * groups, CHAINS):
            some = scores[a : a + CHAINS]
            some = exponential(code, some, may_underflow=self.spec.may_underflow)
            for k, w in enumerate(some.each()):
                n, m = divmod(a + k, groups)
                row, group = r + n, g + m
                limit = self._limit(i + row)
                seen = code.zero_from(group * code.lanes, limit, w) if masked else w
                code.store(seen, self.weights, self._place(row, group - first))

    def _limit(self, i: Index) -> Index:
        """Return how many keys row i attends to."""
        return (i + 1).minimum(self.key_count) if self.spec.causal else self.key_count

    def _scores(self, i: Index, g: Index, groups: int) -> Vector:
        """Return shift − score of rows from i, groups from g on, in `score_unit`s."""
        code, width = self.code, self.spec.width
        rows = [i + n for n in range(SCORE_ROWS)]
        places = [row * width for row in rows]
        bases = [(g + m) * self.spec.key_stride for m in range(groups)]

        def term(k: Index | int, scores: Vector) -> Vector:
            keys = code.load(self.keys, *(base + k for base in bases))
            parts: list[Vector] = []
            for n, place in enumerate(places):
                q = code.broadcast(self.queries, place + k)
                old = scores[n * groups : (n + 1) * groups]
                parts.append(q.multiply_add(keys, old))
            return code.concatenate(parts)

        def two(k: Index, scores: Vector) -> Vector:
            return term(k + 1, term(k, scores))

        shifts = [code.broadcast(self.shifts, row) for row in rows]
        scores = code.concatenate([s for s in shifts for _ in range(groups)])
        even = 0 if width <= MAX_UNROLLED else width - width % 2
        if even:
            scores = code.loop(0, even, 2, scores, two)
        for k in range(even, width):
            scores = term(k, scores)
        return scores

    def _for_columns(self, write: Callable[[Index | int, int], None]) -> None:
        """Write what is done to columns of sums, a few at a time; the first is mass."""
        first = min(self.blocking.sum_columns, self.spec.columns)
        write(0, first)
        if first < self.spec.columns:
            step = self.blocking.sum_columns
            self.code.for_blocks(first, self.spec.columns, step, write)

    def _add_to_rows(
        self, first: Index, end: Index, column: Index | int, count: int
    ) -> None:
        """Add the values of groups [first, end) to the sums of the tile's rows."""
        code, columns, high = self.code, self.spec.columns, self.blocking.sum_rows

        def value(g: Index, c: Index | int) -> Vector:
            return code.load(self.values, g * self.spec.value_stride + c)

        def some(r: Index) -> None:
            def weight(n: int, g: Index) -> Vector:
                return code.load(self.weights, self._place(r + n, g - first))

            def keep(n: int, c: Index | int, found: Vector) -> None:
                code.add_to_vector(self.tile_sums, (r + n) * columns + c, found)

            sums = WeightedSums(code, high, weight, value, keep)
            sums.write(first, end, column, count)

        code.for_range(0, self.blocking.rows, high, some)

    def _add_to_keys(self, i: Index, first: Index, g: Index, groups: int) -> None:
        """Add values of the tile's rows to the sums of `groups` groups from g on."""
        code, depth, columns = self.code, self.spec.depth, self.spec.columns
        own_values, key_sums = code.pointer("own_values"), code.pointer("key_sums")

        def weight(n: int, r: Index) -> Vector:
            return code.load(self.weights, self._place(r, g + n - first))

        def value(r: Index, c: Index | int) -> Vector:
            return code.broadcast(own_values, (i + r) * depth + c)

        def keep(n: int, c: Index | int, found: Vector) -> None:
            code.add_to_vector(key_sums, (g + n) * columns + c, found)

        sums = WeightedSums(code, groups, weight, value, keep)
        self._for_columns(partial(sums.write, 0, self.blocking.rows))

    def _place(self, r: Index, g: Index) -> Index:
        """Return where the weights of the tile's row r and group g are."""
        return r * self.blocking.groups + g
