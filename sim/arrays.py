"""Array libraries: with `sim.cuda_graph` and some sums the only code that uses CuPy."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sim.array_types import AnyArray

Array = Any  # a NumPy or CuPy ndarray; the array API has no static type yet

MAX_PRODUCTS = 1 << 22  # numbers in memory at once on a card
MIN_PAIRWISE_ENTRIES = 8  # of a row: below, NumPy sums one by one, and slowly

BACKENDS = ("auto", "numpy", "cupy")


@dataclass(frozen=True, slots=True)
class Backend:
    """An array library, and why it was chosen.

    Attributes
    ----------
    name : str
        ``"numpy"`` or ``"cupy"``, or the name of a test double.
    xp : module
        The library.
    reason : str
        One sentence for the status line and ``orrery doctor``.
    """

    name: str
    xp: ModuleType
    reason: str


class Formal:
    """Rows in a formula that is being compiled instead of computed."""

    __slots__ = ()

    def dot(self, other: Any) -> Any:
        """Return what `dot` does."""
        raise NotImplementedError

    def root(self) -> Any:
        """Return the square roots."""
        raise NotImplementedError

    def mean(self) -> Any:
        """Return what `mean_along` does."""
        raise NotImplementedError


def namespace(x: Array) -> ModuleType:
    """Return the library that made `x`: ``numpy``, ``cupy``, or a test double.

    CuPy's ndarray has no ``__array_namespace__`` (checked at 15.0.0a1), so the module
    of the array's class is used instead.
    """
    return sys.modules[type(x).__module__.partition(".")[0]]


def load(name: str | ModuleType | Backend = "auto") -> Backend:
    """Return the backend called `name`, or the best one here when it is ``"auto"``.

    A module is used as it is.

    Raises
    ------
    ValueError
        If there is no backend of that name.
    RuntimeError
        If CuPy was requested by name and cannot be used.
    """
    if isinstance(name, Backend):
        return name
    if not isinstance(name, str):
        return Backend(name.__name__, name, "given by the caller")
    if name not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(BACKENDS)}; got {name!r}.")
    if name == "numpy":
        return Backend("numpy", np, "requested")
    try:
        return Backend("cupy", _probed_cupy(), "a CUDA device passed a probe")
    except Exception as error:  # CuPy raises many kinds when CUDA is half-installed
        why = _first_line(error)
        if name == "auto":
            return Backend("numpy", np, f"no CUDA device can be used ({why})")
        raise RuntimeError(
            f"backend cupy: no CUDA device can be used here ({why}). Use numpy, or "
            'install the extra "cuda12" or "cuda13" on a machine with a GPU.'
        ) from error


def _probed_cupy() -> ModuleType:
    """Import CuPy after a test that it computes and copies correctly."""
    import cupy  # pyright: ignore[reportMissingImports]

    row = cupy.exp(cupy.arange(4, dtype=cupy.float32))
    found = cupy.asnumpy(row[:, None] @ row[None, :])
    wanted = np.exp(np.arange(4, dtype=np.float32))
    if not np.allclose(found, np.outer(wanted, wanted), rtol=1e-5):
        raise RuntimeError("the device computes wrong numbers")
    return cupy


def _first_line(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def to_host(x: Array) -> AnyArray:
    """Copy `x` to host memory, in its own type; never a view of a live array."""
    xp = namespace(x)
    if xp.__name__ == "cupy":
        return xp.asnumpy(x)
    return np.array(x, copy=True)


def sequential_sum(numbers: Iterable[float]) -> float:
    """Return the sum of `numbers`, added from the left, each sum rounded.

    Python's `sum` does so up to 3.11; later versions compensate the rounding, and their
    last bits differ.
    """
    total = 0.0
    for number in numbers:
        total += number
    return total


def sum_of(x: Array, axis: int, *, keepdims: bool = False) -> Array:
    """Return the sum of `x` along `axis`, in the type of `x`."""
    return namespace(x).sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


def mean_of(x: Array) -> Array:
    """Return the mean of the rows of `x`: (..., n, d) -> (..., d)."""
    xp = namespace(x)
    if xp is not np or x.shape[-1] >= MIN_PAIRWISE_ENTRIES:
        return xp.mean(x, axis=-2)
    # Along columns NumPy adds pairwise, so that a million rows lose no digits.
    return np.stack([x[..., k].mean(axis=-1) for k in range(x.shape[-1])], axis=-1)


def mean_along(x: Array) -> Array:
    """Return the mean of the entries of each row of `x`: (..., d) -> (..., 1)."""
    if isinstance(x, Formal):
        return x.mean()
    return namespace(x).mean(x, axis=-1, keepdims=True)


def dot(a: Array, b: Array) -> Array:
    """Return the inner product of the rows of `a` and `b`: (..., d) -> (..., 1)."""
    if isinstance(a, Formal):
        return a.dot(b)
    numpy = namespace(a) is np
    real = numpy and a.dtype.kind == "f" and a.dtype == b.dtype
    if real and a.shape[-1] >= MIN_PAIRWISE_ENTRIES:
        return np.vecdot(a, b)[..., None]  # without an array of the products
    products = a * b
    if numpy and 0 < a.shape[-1] < MIN_PAIRWISE_ENTRIES:
        total = products[..., 0].copy()
        for k in range(1, a.shape[-1]):
            total += products[..., k]
        return total[..., None]
    return sum_of(products, -1, keepdims=True)


def norm(x: Array) -> Array:
    """Return the Euclidean length of each row of `x`: (..., d) -> (..., 1)."""
    squares = dot(x, x)
    if isinstance(squares, Formal):
        return squares.root()
    return namespace(x).sqrt(squares)


def unit(x: Array) -> Array:
    """Return each row of `x` at length 1: (..., d)."""
    length = norm(x)
    return x / length if isinstance(x, Formal) else _by_columns("divide", x, length)


def scaled(x: Array, factors: Array) -> Array:
    """Return each row of `x` times its factor: (..., d), (..., 1) -> (..., d)."""
    if isinstance(x, Formal):
        return x * factors
    return _by_columns("multiply", x, factors)


def _by_columns(operation: str, x: Array, column: Array) -> Array:
    """Combine each row of `x`, (..., d), with its entry of `column`, (..., 1).

    Column by column where NumPy's broadcasting is slow.
    """
    combine = getattr(namespace(x), operation)
    alike = x.shape[:-1] == column.shape[:-1] and x.dtype == column.dtype
    if namespace(x) is not np or x.shape[-1] >= MIN_PAIRWISE_ENTRIES or not alike:
        return combine(x, column)
    out = np.empty_like(x)
    for k in range(x.shape[-1]):
        combine(x[..., k], column[..., 0], out=out[..., k])
    return out


def in_place(operation: str, x: Array) -> Array:
    """Return a function of the library of each entry, in the memory of `x` for NumPy.

    Fresh memory for many tokens would take longer than the arithmetic.
    """
    apply = getattr(namespace(x), operation)
    return apply(x, out=x) if namespace(x) is np else apply(x)


def ndtr(x: Array) -> Array:
    """Return Φ(x), the normal distribution, entry by entry.

    SciPy's for NumPy, CuPy's for CuPy; other libraries by way of the host.
    """
    xp = namespace(x)
    if xp.__name__ == "cupy":
        from cupyx.scipy.special import (  # pyright: ignore[reportMissingImports]
            ndtr as on_device,
        )

        return on_device(x)
    from scipy.special import ndtr as on_host  # here, since it loads slowly

    return xp.asarray(on_host(np.asarray(x)))


def turned(x: Array, matrices: Array) -> Array:
    """Return Mx for the rows x: (..., n, d), (..., e, d) -> (..., n, e).

    On a card without cuBLAS for little work, since graphs cannot record cuBLAS.
    """
    if namespace(x).__name__ != "cupy" or x.size * matrices.shape[-2] > MAX_PRODUCTS:
        return x @ transpose(matrices)
    return sum_of(x[..., None, :] * matrices[..., None, :, :], -1)


def transpose(x: Array) -> Array:
    """Return `x` with its last two axes swapped: (..., n, d) -> (..., d, n)."""
    # CuPy 14 has no matrix_transpose.
    first = range(x.ndim - 2)
    return namespace(x).permute_dims(x, (*first, x.ndim - 1, x.ndim - 2))
