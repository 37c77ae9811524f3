"""The two passes over harmonics: moments of the keys, and sums at the queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.jit.kernel import Kernel
from sim.jit.signature import ArrayArgument, Signature
from sim.jit.thread_pool import Once
from sim.sums.harmonic.recurrence_kernel import INTEGERS, RecurrenceKernel

if TYPE_CHECKING:
    from sim.jit.frame import Pointer
    from sim.jit.index import Index
    from sim.jit.vector import Vector
    from sim.sums.harmonic.blocking import HarmonicBlocking


@Once
def moment_kernel(kind: str, blocking: HarmonicBlocking) -> Kernel:
    """Compile the moments of tokens: Σⱼ (1, yⱼ) q_lm(zⱼ) (xⱼ + iyⱼ)^m.

    It adds those of the rows [row_start, row_stop) before `row_count`, for the orders m
    below `degrees`, lane by lane and part by part: (terms, columns, 2, lanes).
    `sim.sums.harmonic.reference.moments` is the same in NumPy.
    """
    values = blocking.columns - 1
    tokens = [ArrayArgument("keys", kind, ("row_count", blocking.width))]
    if values:
        tokens.append(ArrayArgument("values", kind, ("row_count", values)))
    shape = ("terms", blocking.columns, 2, blocking.lanes)
    signature = Signature(
        (
            *tokens,
            ArrayArgument("b", "float64", ("terms",)),
            ArrayArgument("moments", "float64", shape, aligned=True),
            ArrayArgument("scratch", "float64", blocking.scratch_shape, aligned=True),
        ),
        INTEGERS,
    )
    return Kernel(_MomentKernel(kind, blocking, signature).text(), signature)


@Once
def evaluation_kernel(kind: str, blocking: HarmonicBlocking) -> Kernel:
    """Compile the sums at tokens: mass, and mean = sums / mass.

    It writes those of the rows [row_start, row_stop) of `row_count`, from factors
    (terms, columns, 2), real and imaginary.  Results have space for whole blocks of
    rows.  `sim.sums.harmonic.reference.evaluate` is the same in NumPy.
    """
    columns = blocking.columns
    signature = Signature(
        (
            ArrayArgument("queries", kind, ("row_count", blocking.width)),
            ArrayArgument("b", "float64", ("terms",)),
            ArrayArgument("factors", "float64", ("terms", columns, 2)),
            ArrayArgument("mass", kind, ("rows", 1)),
            ArrayArgument("mean", kind, ("rows", columns - 1)),
            ArrayArgument("scratch", "float64", blocking.scratch_shape, aligned=True),
        ),
        INTEGERS,
    )
    return Kernel(_EvaluationKernel(kind, blocking, signature).text(), signature)


class _MomentKernel(RecurrenceKernel):
    tokens = "keys"

    def begin(self, r: Index, some: range) -> list[Vector]:
        code, step = self.code, self.blocking.columns - 1
        one = code.constant(1.0)
        ones = [code.zero_from(g, self.row_count, one) for g in self.groups(r)]
        real = code.concatenate(ones)
        return [
            real * self.read(code.pointer("values"), r, c - 1, step) if c else real
            for c in some
        ]

    def order(
        self,
        m: Index,
        x: list[Vector],
        power: list[Vector],
        carried: list[Vector],
        c: int,
    ) -> list[Vector]:
        code, moments = self.code, self.code.pointer("moments")
        factors = [part * y for y in carried for part in power]

        def degree(place: Index, q: Vector, nothing: list[Vector]) -> list[Vector]:
            first = place * (2 * self.blocking.columns) + 2 * c
            for k, factor in enumerate(factors):
                total = code.load(moments, first + k)
                for one, other in zip(q.each(), factor.each(), strict=True):
                    total = one.multiply_add(other, total)
                code.store(total, moments, first + k)
            return nothing

        self.degrees(m, x[-1], [], degree)
        return carried

    def end(self, r: Index, carried: list[Vector], some: range) -> None:
        pass  # all is in the moments


class _EvaluationKernel(RecurrenceKernel):
    tokens = "queries"

    def begin(self, r: Index, some: range) -> list[Vector]:
        return [self.zero] * len(some)

    def order(
        self,
        m: Index,
        x: list[Vector],
        power: list[Vector],
        carried: list[Vector],
        c: int,
    ) -> list[Vector]:
        code, factors = self.code, self.code.pointer("factors")

        def degree(place: Index, q: Vector, sums: list[Vector]) -> list[Vector]:
            first = place * (2 * self.blocking.columns) + 2 * c
            return [
                q.multiply_add(code.broadcast(factors, first + k), total)
                for k, total in enumerate(sums)
            ]

        sums = self.degrees(m, x[-1], [self.zero] * (2 * len(carried)), degree)
        re, im = power
        return [
            b.multiply_add(im, a.multiply_add(re, total))
            for a, b, total in zip(sums[::2], sums[1::2], carried, strict=True)
        ]

    def end(self, r: Index, carried: list[Vector], some: range) -> None:
        mass_at, mean_at = self.code.pointer("mass"), self.code.pointer("mean")
        if not some[0]:
            mass, *carried = carried
            self._write(mass, mass_at, r, 0, 1)
        mass = self.read(mass_at, r, 0, 1)
        step = self.blocking.columns - 1
        for c, one in zip(some[len(some) - len(carried) :], carried, strict=True):
            self._write(one / mass, mean_at, r, c - 1, step)

    def _write(
        self, found: Vector, pointer: Pointer, r: Index, c: int, step: int
    ) -> None:
        for one, g in zip(found.each(), self.groups(r), strict=True):
            self.code.scatter(one, pointer, g * step + c, step, self.kind)
