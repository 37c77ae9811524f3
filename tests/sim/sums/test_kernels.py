"""Every kernel agrees with its formula in plain NumPy, and checks its arguments."""

import numpy as np
import pytest

from sim.jit.builder import KernelBuilder
from sim.jit.exponential import exponential, score_unit
from sim.jit.exponential import reference as powers
from sim.jit.kernel import Kernel
from sim.jit.llvm import missing
from sim.jit.machine import CACHE_LINE, machine
from sim.jit.row_norms import reference as norms
from sim.jit.row_norms import squared_norm_range
from sim.jit.scratch import aligned, scratch
from sim.jit.signature import ArrayArgument, Signature
from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.fused import driver, reference
from sim.sums.fused.layout import lay_out
from sim.sums.fused.reduce_kernel import reduce_kernel
from sim.sums.fused.tile_kernel import tile_kernel, tile_shape
from sim.sums.harmonic import reference as harmonic
from sim.sums.harmonic.passes import moments_of_keys, sums_at_queries
from sim.sums.methods.circle import Circle
from sim.sums.methods.sphere import Sphere

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
KINDS = ["float32", "float64"]
POWER = {"float32": 3.5e-7, "float64": 9e-16}
"""Errors of a power, relative to it."""


def tokens(n, d, kind, seed=0):
    x = np.random.default_rng(seed).standard_normal((n, d))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(kind)


def compiled_exponential(kind, *, may_underflow):
    arrays = [ArrayArgument(name, kind, ("n",), True) for name in ("given", "found")]
    signature = Signature(tuple(arrays), ("vectors",))
    code = KernelBuilder(kind, signature)

    def vector(v):
        one = code.load(code.pointer("given"), v)
        one = exponential(code, one, may_underflow=may_underflow)
        code.store(one, code.pointer("found"), v)

    code.for_range(0, code.integer("vectors"), 1, vector)
    return Kernel(code.text(), signature), code.lanes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("may_underflow", [False, True])
def test_the_exponential_is_that_of_numpy(kind, may_underflow):
    kernel, lanes = compiled_exponential(kind, may_underflow=may_underflow)
    given, found = aligned((64 * lanes,), kind), aligned((64 * lanes,), kind)
    far = 60 if kind == "float32" else 500
    given[:] = score_unit(kind) * np.linspace(0, far, len(given))
    kernel.bind(given=given, found=found)(vectors=64)
    wanted = powers(given, kind)
    rounding = far * np.finfo(float).eps  # of the exponent of the reference
    assert np.abs(found / wanted - 1).max() < POWER[kind] + rounding


@pytest.mark.parametrize("kind", KINDS)
def test_powers_that_would_underflow_are_bounded(kind):
    kernel, lanes = compiled_exponential(kind, may_underflow=True)
    given, found = aligned((lanes,), kind), aligned((lanes,), kind)
    given[:] = score_unit(kind) * 5000
    kernel.bind(given=given, found=found)(vectors=1)
    least = 2.0 ** (-100 if kind == "float32" else -800)
    assert found == pytest.approx(least, rel=1e-6)


def problems(kind, d):
    x, k = tokens(200, d, kind), tokens(131, d, kind, 1)
    y = np.random.default_rng(2).standard_normal((131, 4)).astype(kind)
    return {
        "symmetric": Problem(x, x, x, 4.0),
        "causal": Problem(x, x, x, 4.0, Causal()),
        "cross": Problem(x, k, k, 4.0),
        "values": Problem(x, k, y, -2.0),
        "underflow": Problem(x, x, x, 45.0 if kind == "float32" else 400.0),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", ["symmetric", "causal", "cross", "values", "underflow"]
)
@pytest.mark.parametrize("d", [2, 3, 17])
@pytest.mark.parametrize("kind", KINDS)
def test_tiles_of_weights_are_summed_as_numpy_does(kind, d, case):
    problem = problems(kind, d)[case]
    spec = driver._spec(problem)
    layout = lay_out(problem, driver._shifts(problem), spec)
    integers = {
        "row_start": 0,
        "row_stop": layout.rows,
        "row_step": layout.blocking.rows,
        "group_start": 0,
        "group_stop": layout.groups,
        "key_count": layout.keys,
    }
    shape = (spec.columns, spec.lanes)
    found, wanted = ({} for _ in range(2))
    for sums in (found, wanted):
        sums["row_sums"] = aligned((layout.rows // spec.lanes, *shape), "float64")
        if spec.symmetric:
            sums["key_sums"] = aligned((layout.groups, *shape), kind)
    tile = aligned(tile_shape(spec, layout.blocking), kind)
    tile_kernel(spec).bind(**layout.arrays, tile=tile, **found)(**integers)
    arrays = {k: getattr(a, "array", a) for k, a in layout.arrays.items()}
    reference.tile(spec, **arrays, **wanted, **integers)
    n = len(problem.queries) // spec.lanes
    bound = float(np.finfo(kind).eps) * (16 + 4 * problem.max_score)
    for name in found:
        a, b = found[name][:n], wanted[name][:n]
        assert np.abs(a - b).max() <= bound * np.abs(b).max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("count", "last"), [(0, True), (3, True), (3, False)])
def test_partial_sums_are_reduced_to_the_bit(kind, count, last):
    rng, depth, groups = np.random.default_rng(0), 3, 5
    kernel = reduce_kernel(kind, depth)
    lanes = KernelBuilder(kind, Signature((), ())).lanes
    partials = aligned((max(1, count), groups, 1 + depth, lanes), kind)
    partials[:] = rng.random(partials.shape)
    start = 1 + rng.random((groups, 1 + depth, lanes))
    integers = {
        "partial_count": count,
        "partial_size": groups * (1 + depth),
        "vector_start": 0,
        "vector_stop": groups * (1 + depth) if count else 0,
        "group_start": 0,
        "group_stop": groups if last else 0,
    }
    results = []
    for run in (reference.reduce, lambda **a: bound(kernel, integers, **a)):
        sums = aligned(start.shape, "float64")
        sums[:] = start
        rows = groups * lanes
        arrays = {
            "partials": partials,
            "row_sums": sums,
            "mass": np.zeros((rows, 1), kind),
            "mean": np.zeros((rows, depth), kind),
        }
        run(**arrays, **integers)
        results.append(arrays)
    for name in ("row_sums", "mass", "mean"):
        assert np.array_equal(results[0][name], results[1][name])


def bound(kernel, integers, **arguments):
    arrays = {k: v for k, v in arguments.items() if k not in integers}
    kernel.bind(**arrays)(**integers)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", [Circle, Sphere])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("top", [1, 2, 9])
def test_harmonics_are_summed_as_numpy_does(kind, method, own, top):
    table, d = method.table(top), method.width
    x, k = tokens(77, d, kind), tokens(150, d, kind, 1)
    y = k if own else np.random.default_rng(2).standard_normal((150, 4)).astype(kind)
    found = moments_of_keys(Problem(x, k, y), table)
    values = None if own else y
    wanted = harmonic.moments(keys=k, b=table.b, degrees=table.top, values=values)
    assert np.abs(found - wanted).max() < 1e-13 * np.abs(wanted).max()
    factors = np.random.default_rng(3).standard_normal((len(table.b), 1 + y.shape[1]))
    factors = factors + 1j * factors[::-1]
    factors[0, 0] += 100  # a mass that is not small
    found = sums_at_queries(Problem(x, k, y), table, factors)
    wanted = harmonic.evaluate(queries=x, b=table.b, factors=factors, degrees=table.top)
    rounding = 4 * np.finfo(kind).eps + 1e-13
    for a, b in zip(found, wanted, strict=True):
        assert np.abs(a - b).max() <= rounding * np.abs(b).max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "d"), [(32, 1), (1001, 3), (70_000, 7)])
def test_norms_of_rows_are_those_of_numpy_to_the_bit(kind, n, d):
    x = np.random.default_rng(n).standard_normal((n, d)).astype(kind)
    assert squared_norm_range(x) == norms(x)


def nothing():
    """A kernel with arguments, which does nothing."""
    signature = Signature(
        (
            ArrayArgument("given", "float64", ("n", 3), aligned=True),
            ArrayArgument("found", "float64", ("n",)),
        ),
        ("start", "stop"),
    )
    code = KernelBuilder("float64", signature)
    return Kernel(code.text(), signature)


def test_a_kernel_takes_the_arrays_that_it_names():
    kernel = nothing()
    good = {"given": aligned((4, 3), "float64"), "found": np.zeros(4)}
    kernel.bind(**good)(start=0, stop=4)
    kernel.bind(**good)(stop=4, start=0)
    wide = aligned((5, 3), "float64")
    for wrong, error, text in (
        (
            {"given": good["found"], "found": good["given"]},
            ValueError,
            "given must have",
        ),
        ({"found": np.zeros(5)}, ValueError, r"found must have shape \(n\) = \[4\]"),
        ({"found": np.zeros(4, "float32")}, TypeError, "found must be float64, got"),
        ({"found": np.zeros(8)[::2]}, ValueError, "found must be contiguous"),
        ({"given": wide.ravel()[1:13].reshape(4, 3)}, ValueError, "start on a vector"),
        ({"other": np.zeros(4)}, TypeError, "needs the arrays found, given"),
    ):
        with pytest.raises(error, match=text):
            kernel.bind(**{**good, **wrong})
    with pytest.raises(TypeError, match="needs the arrays"):
        kernel.bind(given=good["given"])
    for wrong in ({"start": 0}, {"start": 0, "stop": 1, "step": 1}, {"a": 0, "b": 1}):
        with pytest.raises(TypeError, match="needs the integers start, stop"):
            kernel.bind(**good)(**wrong)


def test_an_array_after_a_scratch_buffer_is_checked_like_the_first():
    kernel, found = nothing(), np.zeros(4)
    off = aligned((5, 3), "float64").ravel()[1:13].reshape(4, 3)
    for _ in range(2):
        kernel.bind(given=scratch("given", (4, 3), "float64"), found=found)
        with pytest.raises(ValueError, match="start on a vector"):
            kernel.bind(given=off, found=found)
    with pytest.raises(ValueError, match="given must have shape"):
        kernel.bind(given=scratch("given", (4, 2), "float64"), found=found)


@pytest.mark.parametrize("shape", [(3,), (700, 5), (600, 5), (1,), (0, 3)])
def test_a_scratch_buffer_starts_on_a_vector(shape):
    for kind in KINDS:
        buffer = scratch("some", shape, kind)
        assert buffer.address == buffer.array.ctypes.data
        assert buffer.address % CACHE_LINE == 0 == CACHE_LINE % machine().vector_bytes
