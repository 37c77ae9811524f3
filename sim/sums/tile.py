"""The inner loops of the fused sum: no entry of the n × n matrix leaves the cache."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sim.sums.exponential import exponential
from sim.sums.vector import INT, Code, Vector, machine, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.sums.vector import Kernel

ROWS = 4  # queries that share each load of a key
PAIR = 2  # groups of keys that share each load of a query
TILE = 16  # queries whose weights are kept at a time
BLOCK = 256  # keys of a tile: its weights fill half of the smallest first-level cache


@cache
def tile(
    kind: str, width: int, depth: int, *, own: bool, mirrored: bool, deep: bool
) -> Kernel:
    """Compile the sums of rows [i₀, i₁) over the groups [g₀, g₁) of keys.

    Parameters
    ----------
    kind : str
        ``"float32"`` or ``"float64"``.
    width, depth : int
        e, the dimension of queries and keys, and d, that of values.
    own : bool
        Whether values are the keys.
    mirrored : bool
        Whether w_ij may also stand for w_ji.
    deep : bool
        Whether weights may fall below `FLOOR`.

    Notes
    -----
    Arguments: the addresses of q (n, e) and shift (n,), in `units`; keys and values
    (m/L, ·, L) in groups of L lanes; rows' own values (n, d); limits int64 (n,), the
    number of keys that each row may see; sums float64 (n, 1 + d) of the rows, mass
    first; sums (m/L, 1 + d, L) of the keys; room for TILE × BLOCK weights; i₀, i₁, g₀,
    g₁; and whether the keys collect from the rows, too.  i₁ − i₀ must be a multiple of
    TILE, and g₁ − g₀ even and at most BLOCK/L.
    """
    write = _Tile(Code(kind, 9, 5), width, depth, own=own, deep=deep)
    i0, i1 = write.arguments[9:11]
    code, both = write.code, write.arguments[13]

    def rows(i: Any, _: list[Vector]) -> list[Vector]:
        write.weigh(i)
        write.gather_rows(i)
        if mirrored:
            with code.to.if_then(code.to.icmp_signed("!=", both, whole(0))):
                write.gather_keys(i)
        return []

    code.loop(i0, i1, TILE, [], rows)
    return code.compiled()


class _Tile:
    def __init__(
        self, code: Code, width: int, depth: int, *, own: bool, deep: bool
    ) -> None:
        self.code, self.width, self.depth, self.deep = code, width, depth, deep
        self.arguments: list[Any] = list(code.function.args)
        (self.q, self.shift, self.keys, self.values, self.mine, self.limits) = (
            self.arguments[:6]
        )
        self.row_sums, self.key_sums, self.room = self.arguments[6:9]
        self.g0, self.g1 = self.arguments[11:13]
        if own:
            self.values = self.keys
        self.columns = 4 if machine().registers > 16 else 2  # noqa: PLR2004

    def weigh(self, first: Any) -> None:
        """Put the weights of TILE rows in the room, and their sums in the mass."""
        code, to = self.code, self.code.to
        end = to.mul(self.g1, whole(code.lanes))

        def some(r: Any, _: list[Vector]) -> list[Vector]:
            i = to.add(first, r)
            least = self._limit(i)
            for n in range(1, ROWS):
                limit = self._limit(to.add(i, whole(n)))
                lower = to.icmp_signed("<", limit, least)
                least = to.select(lower, limit, least)
            with to.if_else(to.icmp_signed("<=", end, least)) as (all_seen, some_seen):
                with all_seen:
                    self._weigh(i, r, masked=False)
                with some_seen:
                    self._weigh(i, r, masked=True)
            return []

        code.loop(0, TILE, ROWS, [], some)

    def _weigh(self, i: Any, r: Any, *, masked: bool) -> None:
        code, to = self.code, self.code.to
        rows = [to.add(i, whole(k)) for k in range(ROWS)]
        shifts = [code.spread(self.shift, row) for row in rows]
        start = [to.mul(row, whole(self.width)) for row in rows]
        few = self.width <= 4  # noqa: PLR2004 - then all queries fit the registers
        step = 1 if few else PAIR
        held = [self._queries(s, range(self.width)) for s in start] if few else []
        limits = [self._limit(row) for row in rows]

        def group(g: Any, mass: list[Vector]) -> list[Vector]:
            groups = [to.add(g, whole(k)) for k in range(step)]
            scores = self._scores(groups, start, held, shifts)
            out: list[Vector] = []
            for n, (row, total) in enumerate(zip(scores, mass, strict=True)):
                for one, score in zip(groups, row, strict=True):
                    w = exponential(code, score, deep=self.deep)
                    if masked:
                        lane = to.mul(one, whole(code.lanes))
                        w = code.where_below(lane, limits[n], w, code.number(0.0))
                    code.store(w, self.room, self._spot(to.add(r, whole(n)), one))
                    total = total + w
                out.append(total)
            return out

        masses = code.loop(self.g0, self.g1, step, [code.number(0.0)] * ROWS, group)
        for row, mass in zip(rows, masses, strict=True):
            code.add_to(self.row_sums, to.mul(row, whole(1 + self.depth)), mass)

    def _scores(
        self,
        groups: list[Any],
        start: list[Any],
        held: list[list[Vector]],
        shifts: list[Vector],
    ) -> list[list[Vector]]:
        """Return shift − score for each row and group, in `units`."""
        code, to = self.code, self.code.to
        bases = [to.mul(g, whole(self.width * code.lanes)) for g in groups]

        def term(k: Any, scores: list[Vector]) -> list[Vector]:
            place = to.mul(k, whole(code.lanes))
            keys = [code.load(self.keys, to.add(base, place)) for base in bases]
            out: list[Vector] = []
            for n in range(ROWS):
                q = code.spread(self.q, to.add(start[n], k))
                out += [
                    q.times_plus(key, scores[n * len(groups) + m])
                    for m, key in enumerate(keys)
                ]
            return out

        if held:
            few = shifts
            for k in range(self.width):
                key = code.load(self.keys, to.add(bases[0], whole(k * code.lanes)))
                few = [h[k].times_plus(key, s) for h, s in zip(held, few, strict=True)]
            return [[s] for s in few]
        first = [s for s in shifts for _ in groups]
        flat = _unrolled(code, self.width, first, term)
        return [flat[n * len(groups) : (n + 1) * len(groups)] for n in range(ROWS)]

    def _limit(self, row: Any) -> Any:
        return self.code.to.load(self.code.at(self.limits, row, INT), typ=INT)

    def _queries(self, start: Any, which: Any) -> list[Vector]:
        at = self.code.to.add
        return [self.code.spread(self.q, at(start, whole(k))) for k in which]

    def gather_rows(self, first: Any) -> None:
        """Let TILE rows collect from the keys."""
        code, to = self.code, self.code.to

        def some(r: Any, _: list[Vector]) -> list[Vector]:
            self._chunks(lambda k, n: self._gather_rows(to.add(first, r), r, k, n))
            return []

        code.loop(0, TILE, ROWS, [], some)

    def _chunks(self, write: Callable[[Any, int], None]) -> None:
        """Write the loop over values' columns, a few at a time."""
        even = self.depth - self.depth % self.columns

        def chunk(k: Any, _: list[Vector]) -> list[Vector]:
            write(k, self.columns)
            return []

        if even:
            self.code.loop(0, even, self.columns, [], chunk)
        if even < self.depth:
            write(whole(even), self.depth - even)

    def _gather_rows(self, i: Any, r: Any, first: Any, count: int) -> None:
        code, to = self.code, self.code.to
        columns = [to.add(first, whole(k)) for k in range(count)]

        def group(g: Any, sums: list[Vector]) -> list[Vector]:
            place = to.add(to.mul(g, whole(self.depth)), first)
            y = [
                code.load(
                    self.values, to.mul(to.add(place, whole(k)), whole(code.lanes))
                )
                for k in range(count)
            ]
            out: list[Vector] = []
            for n in range(ROWS):
                w = code.load(self.room, self._spot(to.add(r, whole(n)), g))
                out += [w.times_plus(v, sums[len(out) + k]) for k, v in enumerate(y)]
            return out

        zeros = [code.number(0.0)] * (ROWS * count)
        sums = iter(code.loop(self.g0, self.g1, 1, zeros, group))
        for n in range(ROWS):
            place = to.mul(to.add(i, whole(n)), whole(1 + self.depth))
            for k in columns:
                at = to.add(to.add(place, whole(1)), k)
                code.add_to(self.row_sums, at, next(sums))

    def gather_keys(self, first: Any) -> None:
        """Let the keys collect from TILE rows, with the same weights."""
        code = self.code

        def pair(g: Any, _: list[Vector]) -> list[Vector]:
            self._gather_keys(first, g, None, 1)
            self._chunks(lambda k, n: self._gather_keys(first, g, k, n))
            return []

        code.loop(self.g0, self.g1, PAIR, [], pair)

    def _gather_keys(self, first: Any, g: Any, column: Any, count: int) -> None:
        """Add to `count` columns of values from `column` on, or to the masses."""
        code, to = self.code, self.code.to
        groups = [to.add(g, whole(k)) for k in range(PAIR)]
        places = [
            to.mul(
                to.add(
                    to.mul(one, whole(1 + self.depth)),
                    whole(0) if column is None else to.add(column, whole(1 + k)),
                ),
                whole(code.lanes),
            )
            for k in range(count)
            for one in groups
        ]

        def row(r: Any, sums: list[Vector]) -> list[Vector]:
            w = [code.load(self.room, self._spot(r, one)) for one in groups]
            if column is None:
                return [s + v for s, v in zip(sums, w, strict=True)]
            start = to.add(to.mul(to.add(first, r), whole(self.depth)), column)
            out: list[Vector] = []
            for k in range(count):
                y = code.spread(self.mine, to.add(start, whole(k)))
                out += [y.times_plus(v, sums[len(out) + m]) for m, v in enumerate(w)]
            return out

        zeros = [code.number(0.0)] * len(places)
        for place, new in zip(places, code.loop(0, TILE, 1, zeros, row), strict=True):
            code.store(code.load(self.key_sums, place) + new, self.key_sums, place)

    def _spot(self, r: Any, g: Any) -> Any:
        """Return where the weights of row r and group g are in the room."""
        to, lanes = self.code.to, self.code.lanes
        return to.add(to.mul(r, whole(BLOCK)), to.mul(to.sub(g, self.g0), whole(lanes)))


def _unrolled(
    code: Code,
    count: int,
    first: list[Vector],
    body: Callable[[Any, list[Vector]], list[Vector]],
) -> list[Vector]:
    """Write ``for k in range(count)``, four turns at a time."""

    def four(k: Any, values: list[Vector]) -> list[Vector]:
        for n in range(4):
            values = body(code.to.add(k, whole(n)), values)
        return values

    even = count - count % 4
    values = code.loop(0, even, 4, first, four) if even else first
    for k in range(even, count):
        values = body(whole(k), values)
    return values
