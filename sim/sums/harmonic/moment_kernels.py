"""What is done with harmonics: moments are collected, and sums are handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.jit.builder import whole
from sim.jit.kernel import Kernel
from sim.jit.thread_pool import Once
from sim.sums.harmonic.recurrence_kernel import Harmonics

if TYPE_CHECKING:
    from sim.jit.vector import Vector
    from sim.sums.harmonic.recurrence_kernel import Plan


@Once
def collect(kind: str, plan: Plan) -> Kernel:
    """Compile the moments of tokens: Σⱼ (1, yⱼ) q_lm(zⱼ) (xⱼ + iyⱼ)^m.

    Notes
    -----
    Arguments: the addresses of the keys (m, e) and values (m, d), of type `kind`; of b
    (terms,), of moments (terms, 1 + d, 2, L), to which is added, and of the plan's
    room.  Then r₀, r₁ and m: the rows [r₀, r₁), of which those before m count; and the
    number of degrees.
    """
    return Kernel(_Collect(kind, plan, 5).written())


@Once
def hand_out(kind: str, plan: Plan) -> Kernel:
    """Compile the sums at tokens: mass, and mean = sums / mass.

    Notes
    -----
    Arguments: the addresses of the queries (n, e), of type `kind`; of b (terms,), of
    coefficients (terms, 1 + d, 2), of what is written: mass (n,) and mean (n, d), both
    with space for whole plans of rows, and of the plan's room.  Then r₀, r₁ and n, as
    above; and the number of degrees.
    """
    return Kernel(_HandOut(kind, plan, 6).written())


class _Collect(Harmonics):
    table = 2

    def begin(self, r: Any, some: range) -> list[Vector]:
        code, step = self.code, self.plan.columns - 1
        ones = [code.before(g, self.count, code.number(1.0)) for g in self.groups(r)]
        real = code.beside(ones)
        return [
            real * self.read(self.given[1], r, c - 1, step) if c else real for c in some
        ]

    def order(
        self, m: Any, x: list[Vector], power: list[Vector], held: list[Vector], c: int
    ) -> list[Vector]:
        code, to, moments = self.code, self.code.to, self.given[3]
        factors = [part * y for y in held for part in power]

        def degree(place: Any, q: Vector, nothing: list[Vector]) -> list[Vector]:
            first = to.add(to.mul(place, whole(2 * self.plan.columns)), whole(2 * c))
            for k, factor in enumerate(factors):
                spot = to.add(first, whole(k))
                total = code.load(moments, spot)
                for one, other in zip(q.each(), factor.each(), strict=True):
                    total = one.times_plus(other, total)
                code.store(total, moments, spot)
            return nothing

        self.degrees(m, x[-1], [], degree)
        return held

    def end(self, r: Any, held: list[Vector], some: range) -> None:
        pass  # all is in the moments


class _HandOut(Harmonics):
    table = 1

    def begin(self, r: Any, some: range) -> list[Vector]:
        return [self.zero] * len(some)

    def order(
        self, m: Any, x: list[Vector], power: list[Vector], held: list[Vector], c: int
    ) -> list[Vector]:
        code, to = self.code, self.code.to

        def degree(place: Any, q: Vector, sums: list[Vector]) -> list[Vector]:
            first = to.add(to.mul(place, whole(2 * self.plan.columns)), whole(2 * c))
            spots = [to.add(first, whole(k)) for k in range(len(sums))]
            return [
                q.times_plus(code.spread(self.given[2], spot), total)
                for spot, total in zip(spots, sums, strict=True)
            ]

        sums = self.degrees(m, x[-1], [self.zero] * (2 * len(held)), degree)
        re, im = power
        return [
            b.times_plus(im, a.times_plus(re, total))
            for a, b, total in zip(sums[::2], sums[1::2], held, strict=True)
        ]

    def end(self, r: Any, held: list[Vector], some: range) -> None:
        mass_at, mean_at = self.given[3:5]
        if not some[0]:
            mass, *held = held
            self._write(mass, mass_at, r, 0, 1)
        mass = self.read(mass_at, r, 0, 1)
        for c, one in zip(some[len(some) - len(held) :], held, strict=True):
            self._write(one / mass, mean_at, r, c - 1, self.plan.columns - 1)

    def _write(self, found: Vector, pointer: Any, r: Any, c: int, step: int) -> None:
        to = self.code.to
        for one, g in zip(found.each(), self.groups(r), strict=True):
            place = to.add(to.mul(g, whole(step)), whole(c))
            self.code.scatter(one, pointer, place, step, self.kind)
