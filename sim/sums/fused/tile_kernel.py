"""The inner loops of the fused sum: no entry of the n × n matrix leaves the cache."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.jit.builder import Code, whole
from sim.jit.exponential import exponential
from sim.jit.kernel import Kernel
from sim.jit.thread_pool import Once
from sim.sums.fused.accumulate import Gather

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.jit.vector import Vector
    from sim.sums.fused.blocking import Shape

HIGH, WIDE = 4, 3  # rows and groups whose scores are found together
CHAINS = 4  # exponentials side by side: with more, their numbers leave the registers
SHORT = 8  # dimensions up to which a product is written out, without a loop


@Once
def tile(shape: Shape) -> Kernel:
    """Compile the sums of tiles of rows over the groups [g₀, g₁) of keys.

    Notes
    -----
    Arguments: the addresses of q (n, e) and shift (n,), in `units`; keys and values in
    groups of L lanes, (m/L, ·, L) with the shape's `strides`; rows' own values (n, d);
    sums float64 (n/L, 1 + d, L) of the rows, mass first; those of keys (m/L, 1 + d, L);
    and room for a tile's weights and its rows' sums.  Then i₀, i₁ and a step: a tile
    begins at every row of that range; g₀, g₁; and m.

    If mirrored, a tile looks at keys from its own rows on, and the keys after its rows
    collect from these, too.
    """
    return Kernel(written(shape))


def written(shape: Shape) -> str:
    """Return what `tile` compiles."""
    write = _Tile(shape)
    i0, i1, step = write.bounds
    write.code.repeat(i0, i1, step, write.tile)
    return write.code.written()


class _Tile:
    def __init__(self, shape: Shape) -> None:
        self.shape, self.plan, self.strides = shape, shape.plan, shape.strides
        self.columns = 1 + shape.depth
        self.code = code = Code(shape.kind, 8, 6)
        arguments: list[Any] = list(code.function.args)
        self.q, self.shift, self.keys, self.values, self.mine = arguments[:5]
        self.row_sums, self.key_sums, self.room = arguments[5:8]
        self.bounds, self.g0, self.g1 = arguments[8:11], arguments[11], arguments[12]
        self.count = arguments[13]
        if shape.own:
            self.values = self.keys
        self.found = code.at(self.room, self.plan.rows * self.plan.groups, code.vector)

    def tile(self, i: Any) -> None:
        """Let the rows of the tile from row i on and the keys meet."""
        code, to, plan = self.code, self.code.to, self.plan
        own = to.udiv(i, whole(code.lanes))
        after = to.add(own, whole(plan.rows // code.lanes))
        start = code.larger(own, self.g0) if self.shape.mirrored else self.g0
        stop = code.lesser(after, self.g1) if self.shape.causal else self.g1

        def clear(k: Any) -> None:
            code.store(code.number(0.0), self.found, k)

        def block(g: Any) -> None:
            end = code.lesser(to.add(g, whole(plan.groups)), stop)
            self._weigh(i, g, end)
            self._columns(partial(self._gather_rows, g, end))
            if self.shape.mirrored:
                beyond = code.lesser(code.larger(after, g), end)
                code.some(beyond, end, plan.high, partial(self._gather_keys, i, g))

        def add(r: Any) -> None:
            group, lane = to.udiv(r, whole(code.lanes)), to.urem(r, whole(code.lanes))
            place = to.mul(to.add(own, group), whole(self.columns * code.lanes))
            source, place = to.mul(r, whole(self.columns)), to.add(place, lane)

            def column(c: Any) -> None:
                found = code.load(self.found, to.add(source, c))
                to_place = to.add(place, to.mul(c, whole(code.lanes)))
                code.add_to(self.row_sums, to_place, found)

            code.repeat(0, self.columns, 1, column)

        code.repeat(0, plan.rows * self.columns, 1, clear)
        code.repeat(start, stop, plan.groups, block)
        code.repeat(0, plan.rows, 1, add)

    def _weigh(self, i: Any, first: Any, end: Any) -> None:
        """Put the weights of the tile's rows and groups [first, end) in the room."""
        code, to, all_rows = self.code, self.code.to, self.plan.rows

        def some(masked: bool, g: Any, groups: int) -> None:
            meet = partial(self._meet, i, first, g, groups, masked=masked)
            code.repeat(0, all_rows, HIGH, meet)

        covered = to.mul(end, whole(code.lanes))
        inside = to.icmp_signed("<=", covered, self._limit(i))
        with to.if_else(inside) as (all_seen, some_seen):
            with all_seen:
                code.some(first, end, WIDE, partial(some, False))
            with some_seen:
                code.some(first, end, 1, partial(some, True))

    def _meet(
        self, i: Any, first: Any, g: Any, groups: int, r: Any, *, masked: bool
    ) -> None:
        """Weigh the rows r, r + 1, … of the tile and `groups` groups from g on."""
        code, to = self.code, self.code.to
        scores = self._scores(to.add(i, r), g, groups)
        for a in range(0, HIGH * groups, CHAINS):
            some = exponential(code, scores[a : a + CHAINS], deep=self.shape.deep)
            for k, w in enumerate(some.each()):
                n, m = divmod(a + k, groups)
                row, group = to.add(r, whole(n)), to.add(g, whole(m))
                lane, limit = to.mul(group, whole(code.lanes)), to.add(i, row)
                seen = code.before(lane, self._limit(limit), w) if masked else w
                code.store(seen, self.room, self._spot(row, to.sub(group, first)))

    def _limit(self, i: Any) -> Any:
        """Return how many keys row i may see."""
        if not self.shape.causal:
            return self.count
        return self.code.lesser(self.code.to.add(i, whole(1)), self.count)

    def _scores(self, i: Any, g: Any, groups: int) -> Vector:
        """Return shift − score of rows from i and groups from g on, in `units`."""
        code, to, width = self.code, self.code.to, self.shape.width
        rows = [to.add(i, whole(n)) for n in range(HIGH)]
        places = [to.mul(row, whole(width)) for row in rows]
        bases = [
            to.mul(to.add(g, whole(m)), whole(self.strides[0])) for m in range(groups)
        ]

        def term(k: Any, scores: Vector) -> Vector:
            keys = code.load(self.keys, *(to.add(base, whole(k)) for base in bases))
            parts: list[Vector] = []
            for n, place in enumerate(places):
                q = code.spread(self.q, to.add(place, whole(k)))
                parts.append(q.times_plus(keys, scores[n * groups : (n + 1) * groups]))
            return code.beside(parts)

        def two(k: Any, scores: Vector) -> Vector:
            return term(to.add(k, whole(1)), term(k, scores))

        shifts = [code.spread(self.shift, row) for row in rows]
        scores = code.beside([s for s in shifts for _ in range(groups)])
        even = 0 if width <= SHORT else width - width % 2
        if even:
            scores = code.loop(0, even, 2, scores, two)
        for k in range(even, width):
            scores = term(k, scores)
        return scores

    def _columns(self, write: Callable[[Any, int], None]) -> None:
        """Write what is done to columns of sums, a few at a time; the first is mass."""
        first = min(self.plan.columns, self.columns)
        write(0, first)
        if first < self.columns:
            self.code.some(first, self.columns, self.plan.columns, write)

    def _gather_rows(self, first: Any, end: Any, column: Any, count: int) -> None:
        """Let the rows of the tile collect from the keys of groups [first, end)."""
        code, to, columns = self.code, self.code.to, self.columns

        def value(g: Any, c: Any) -> Vector:
            return code.load(self.values, to.add(to.mul(g, whole(self.strides[1])), c))

        def some(r: Any) -> None:
            def weight(n: int, g: Any) -> Vector:
                spot = self._spot(to.add(r, whole(n)), to.sub(g, first))
                return code.load(self.room, spot)

            def keep(n: int, c: Any, found: Vector) -> None:
                place = to.mul(to.add(r, whole(n)), whole(columns))
                code.increase(self.found, to.add(place, c), found)

            gather = Gather(code, self.plan.high, weight, value, keep)
            gather.write(first, end, column, count)

        code.repeat(0, self.plan.rows, self.plan.high, some)

    def _gather_keys(self, i: Any, first: Any, g: Any, groups: int) -> None:
        """Let the keys of `groups` groups from g on collect from the tile's rows."""
        code, to, depth = self.code, self.code.to, self.shape.depth

        def weight(n: int, r: Any) -> Vector:
            return code.load(
                self.room, self._spot(r, to.sub(to.add(g, whole(n)), first))
            )

        def value(r: Any, c: Any) -> Vector:
            return code.spread(self.mine, to.add(to.mul(to.add(i, r), whole(depth)), c))

        def keep(n: int, c: Any, found: Vector) -> None:
            place = to.mul(to.add(g, whole(n)), whole(self.columns))
            code.increase(self.key_sums, to.add(place, c), found)

        gather = Gather(code, groups, weight, value, keep)
        self._columns(partial(gather.write, 0, self.plan.rows))

    def _spot(self, r: Any, g: Any) -> Any:
        """Return where the weights of the tile's row r and group g are in the room."""
        return self.code.to.add(self.code.to.mul(r, whole(self.plan.groups)), g)
