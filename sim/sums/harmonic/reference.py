"""The formulas of the kernels over harmonics in plain NumPy, for tests and readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats


def harmonics(x: Floats, b: Floats, degrees: int) -> AnyArray:
    """Return q_lm(z) (x + iy)^m of unit vectors, in the order of the kernels.

    (n, 2) or (n, 3) -> (terms, n), complex; the recurrence is that of
    `sim.sums.harmonic.recurrence_kernel`.
    """
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    power = np.ones(len(x), complex)
    out: list[AnyArray] = []
    for m in range(degrees):
        last, q = np.zeros(len(x)), np.ones(len(x))
        for _ in range(m, degrees if x.shape[1] > 2 else m + 1):  # noqa: PLR2004
            out.append(q * power)
            last, q = q, x[:, -1] * q + b[len(out) - 1] * last
        power = power * (x[:, 0] + 1j * x[:, 1])
    return np.array(out)


def moments(
    *, keys: Floats, b: Floats, degrees: int, values: Floats | None = None
) -> AnyArray:
    """Return Σⱼ (1, yⱼ) hⱼ, what `moment_kernel` adds up: (terms, 1 + d), complex."""
    ones = np.ones((len(keys), 1))
    columns = ones if values is None else np.hstack([ones, values])
    return harmonics(keys.astype(float), b, degrees) @ columns


def evaluate(
    *, queries: Floats, b: Floats, factors: AnyArray, degrees: int
) -> tuple[AnyArray, AnyArray]:
    """Return mass and mean of `evaluation_kernel`: (n, 1) and (n, d).

    The sums are Re(f) Re(h) + Im(f) Im(h) over all harmonics h with factors f.
    """
    h = harmonics(queries.astype(float), b, degrees)
    sums = h.real.T @ factors.real + h.imag.T @ factors.imag
    return sums[:, :1], sums[:, 1:] / sums[:, :1]
