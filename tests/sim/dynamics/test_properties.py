"""What holds of every law for any of its settings; a new law is tested unasked."""

import dataclasses

import numpy as np
import pytest
from helpers.runs import law, sphere, state, table, velocity
from helpers.sampling import drawn
from hypothesis import given, reject
from hypothesis import strategies as st

from sim.attention.depth import Depth
from sim.attention.heads import Heads
from sim.dynamics import Dynamics
from sim.exterior_calculus.metric import Metric
from sim.graphs import Topology
from sim.integrators.rk4 import RK4
from sim.masks import Mask
from sim.mlps import Mlp
from sim.positions import Positions
from sim.scenario import Scenario, edit
from sim.seed import Seed
from sim.settings.knobs import choices, hints, kind_of, knobs
from sim.simulation import Simulation
from sim.spaces.sphere import Sphere
from sim.state import Velocity
from sim.weights import Weights
from sim.weights.identity import Identity

KINDS = Dynamics.kinds()
HEADED = [kind for kind, cls in KINDS.items() if "heads" in hints(cls)]
NEED_FILES = {"file", "graph", "explicit"}  # or a matrix of their own
MASKS = sorted(Mask.kinds().keys() - NEED_FILES)
GRAPHS = sorted(
    kind
    for kind, cls in Topology.kinds().items()
    if kind not in NEED_FILES and cls().nodes(12) == 12
)
WEIGHTS = sorted(Weights.kinds().keys() - NEED_FILES)
SAME = 1e-11  # of a velocity of size 1: rounding, and β up to 12 in the exponent
LEAST, MOST = -4.0, 12.0  # of what is drawn
EVERY = drawn(12)


@st.composite
def laws(draw, kind):
    """Return a law of `kind` with any numbers, menus and switches of its own."""
    cls = KINDS[kind]
    drawn = {}
    for name, knob in knobs(cls).items():
        lo, hi = max(knob.lo, LEAST), min(knob.hi, MOST)
        if menu := choices(cls, name):
            drawn[name] = draw(st.sampled_from(menu))
        elif kind_of(cls, name) is bool:
            drawn[name] = draw(st.booleans())
        elif kind_of(cls, name) is float:
            drawn[name] = draw(st.floats(lo, hi))
        elif kind_of(cls, name) is int:
            drawn[name] = draw(st.integers(int(lo), int(hi)))
    for name in hints(cls):
        if (kind := kind_of(cls, name)) in PARTS:
            drawn[name] = draw(PARTS[kind]())
    return cls(**drawn)


@st.composite
def heads(draw):
    """Return heads with one part, at most two, that is not as it is by default."""
    parts = {
        "mask": st.sampled_from([Mask.kinds()[k]() for k in MASKS]),
        "value": st.sampled_from([Weights.kinds()[k]() for k in WEIGHTS]),
        "query": st.sampled_from([Weights.kinds()[k]() for k in WEIGHTS]),
        "mlp": st.sampled_from([c() for c in Mlp.kinds().values()]),
        "positions": st.sampled_from([c() for c in Positions.kinds().values()]),
        "depth": st.sampled_from([Depth(), Depth(dropout=0.3), Depth(layers=2)]),
        "count": st.integers(1, 3),
    }
    some = draw(st.sets(st.sampled_from(sorted(parts)), max_size=2))
    return Heads(**{name: draw(parts[name]) for name in sorted(some)})


def weights():
    """Return matrices, most often c·I."""
    some = st.sampled_from([Weights.kinds()[k]() for k in WEIGHTS])
    return st.one_of(st.just(Identity(0.7)), some)


def graphs():
    """Return graphs on any number of tokens."""
    return st.sampled_from([Topology.kinds()[k]() for k in GRAPHS])


@st.composite
def metrics(draw):
    """Return inner products of a graph, with drawn matrices and without."""
    drawn = {name: draw(weights()) for name in ("query", "key", "value")}
    for name in ("weights", "convention"):
        drawn[name] = draw(st.sampled_from(choices(Metric, name)))
    return Metric(beta=draw(st.floats(-2, 2)), count=draw(st.integers(1, 3)), **drawn)


PARTS = {Heads: heads, Weights: weights, Topology: graphs, Metric: metrics}
"""How the parts of a law are drawn."""


def moved(some, x, turn=None):
    """Return velocities on the sphere and of momenta, and the energy.

    Momenta are zero, or, where a `turn` is given, any and turned with the tokens.
    """
    field = some.bind(x, Seed(2))
    s = field.start(state(x))
    p = 0 * s.p
    if turn is not None:
        p = np.random.default_rng(8).normal(size=s.p.shape) @ turn
    s = dataclasses.replace(s, p=p)
    v = field.velocity(s)
    vx = Sphere().project_velocity(s, Velocity(v.x, s.p)).x
    return np.concatenate([vx, v.p]) if turn is not None else vx, float(field.energy(s))


def tokens(some, number, dimension=3):
    """Return tokens of the number and dimension that the law brings."""
    n, d = some.shape(12, dimension)
    return sphere(np.random.default_rng(number), n, d)


def alike(found, wanted):
    (v, e), (w, f) = found, wanted
    size = 1 + np.abs(w).max()
    assert np.isfinite(v).all()
    assert np.abs(v - w).max() < SAME * size
    assert abs(e - f) < SAME * (1 + abs(f))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_symmetries(kind):
    """Turned, mirrored or reordered tokens move turned, mirrored or reordered."""

    @EVERY
    @given(laws(kind), st.integers(0, 1000))
    def check(some, number):
        x = tokens(some, number)
        rng = np.random.default_rng(number + 1)
        q = np.linalg.qr(rng.normal(size=(x.shape[1],) * 2))[0]
        q[:, 0] *= np.linalg.det(q)
        try:
            v, e = moved(some, x)
        except ValueError:  # such as a mask, where the law knows none
            reject()
        w, f = moved(some, x, np.eye(x.shape[1]))
        if "turn" in some.symmetries():
            alike(moved(some, x @ q, q), (w @ q, f))
        if "mirror" in some.symmetries():
            q[:, 0] *= -1
            alike(moved(some, x @ q, q), (w @ q, f))
        if "order" in some.symmetries() and some.shape(5, 3) == (5, 3):
            order = rng.permutation(len(x))
            alike(moved(some, x[order]), (v[order], e))

    check()


def test_heads_say_what_breaks_a_symmetry():
    turns, order = {"turn", "mirror"}, {"order"}
    assert Heads().symmetries() == turns | order
    for part in ({"value": "gaussian"}, {"key": "rotation"}, {"mlp": "additive"}):
        assert law(**{f"heads__{k}": v for k, v in part.items()}).symmetries() == order
    for part in ({"mask": "causal"}, {"depth__dropout": 0.5}, {"masses": "explicit"}):
        assert law(**{f"heads__{k}": v for k, v in part.items()}).symmetries() == turns
    assert not law(heads__positions="rotary").symmetries()
    for kind, name in (("grand", "key"), ("convolution", "value")):
        assert law(kind).symmetries() == turns | order
        assert law(kind, **{name: "gaussian"}).symmetries() == order
    drawn = {"metric__weights": "attention", "metric__query": "gaussian"}
    for kind in ("bracket", "mix", "gradient", "metriplectic"):
        assert law(kind).symmetries() == turns | order
        assert law(kind, **drawn).symmetries() == order
        assert law(kind, graph="ring").symmetries() == turns
    triple = {"metric__weights": "frozen"}  # triangles have scores of their own
    assert law("bracket", **triple).symmetries() == turns | order
    assert law("gradient", **triple).symmetries() == order
    assert law("cross", heads__positions="rotary").symmetries() == frozenset()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [k for k, law in KINDS.items() if law().shape(12, 3) == (12, 3)]
)
def test_equal_tokens_and_subspaces_stay(kind):
    """What reordering and mirroring imply, along a run of whole steps.

    Of laws that do not bring a number of tokens of their own.
    """
    some = KINDS[kind]()
    twice = np.repeat(tokens(some, 3)[:6], 2, axis=0)
    flat = tokens(some, 4)
    flat[:, 2] = 0
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    tied = some.bind(twice, Seed(0)).graph is not None  # equal tokens, other edges
    if "order" in some.symmetries() and not tied:
        x = marched(some, twice)
        assert np.abs(x[::2] - x[1::2]).max() < SAME
    if "mirror" in some.symmetries():
        assert np.abs(marched(some, flat)[:, 2]).max() < SAME


def marched(some, x):
    """Return where tokens from rest at `x` are after ten steps: (n, d)."""
    run = Simulation(Scenario(tokens=len(x), dynamics=some, step=0.02), "numpy")
    run.restore(dataclasses.replace(run.frame(), x=x, p=0 * run.p))
    for _ in range(10):
        run.step()
    return run.x


def headed(kind, **changes):
    """Return a law with heads of the given settings."""
    return law(kind, **{f"heads__{k}": v for k, v in changes.items()})


def fits(kind, **changes):
    """Return whether a law takes the given settings of its heads."""
    try:
        headed(kind, **changes).bind(sphere(np.random.default_rng(0), 12, 3), Seed(0))
    except ValueError:
        return False
    return True


def given_matrices(**stacks):
    changes = {}
    for name, stack in stacks.items():
        changes[name] = "explicit"
        changes[f"{name}__matrix"] = table(stack.reshape(-1, stack.shape[-1]))
    return changes


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEADED)
def test_gauge_value_and_rotation(kind):
    """Only QᵀK matters, V scales time, and all turns with the matrices."""

    @EVERY
    @given(st.integers(0, 1000), st.integers(1, 3), st.floats(-3, 3))
    def check(number, count, c):
        rng = np.random.default_rng(number)
        x = sphere(rng, 12, 3)
        q, k, v, g = rng.normal(size=(4, count, 3, 3))
        plain = velocity(
            headed(kind, count=count, **given_matrices(query=q, key=k, value=v)), x
        )
        size = SAME * (1 + np.abs(plain).max()) * max(np.linalg.cond(m) for m in g)
        turned = np.linalg.inv(g).transpose(0, 2, 1) @ k
        some = given_matrices(query=g @ q, key=turned, value=v)
        again = velocity(headed(kind, count=count, **some), x)
        assert np.abs(again - plain).max() < size
        some = given_matrices(query=q, key=k, value=c * v)
        scaled = velocity(headed(kind, count=count, **some), x)
        assert np.abs(scaled - c * plain).max() < size
        if "turn" in KINDS[kind]().symmetries():
            r = np.linalg.qr(rng.normal(size=(3, 3)))[0]
            some = given_matrices(
                **{
                    name: r @ m @ r.T
                    for name, m in zip(
                        ("query", "key", "value"), (q, k, v), strict=True
                    )
                }
            )
            there = velocity(headed(kind, count=count, **some), x @ r.T)
            assert np.abs(there - plain @ r.T).max() < size

    check()


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEADED)
def test_masks_prefixes_and_order(kind):
    """Later tokens do not matter to a prefix, nor does order where a mask has none."""
    masks = [mask for mask in MASKS if fits(kind, mask=mask)]
    assert "full" in masks

    @EVERY
    @given(
        st.integers(0, 1000),
        st.sampled_from(masks),
        st.tuples(*[st.sampled_from(WEIGHTS)] * 3),
        st.integers(1, 3),
    )
    def check(number, mask, weights, count):
        names = ("query", "key", "value")
        parts = dict(zip(names, weights, strict=True))
        some = headed(kind, mask=mask, count=count, **parts)
        rng = np.random.default_rng(number)
        x = sphere(rng, 12, 3)
        v = velocity(some, x)
        size = SAME * (1 + np.abs(v).max())
        assert np.isfinite(v).all()
        assert np.abs((v * x).sum(axis=1)).max() < size
        if mask in ("full", "others"):
            order = rng.permutation(12)
            assert np.abs(velocity(some, x[order]) - v[order]).max() < size
        if mask == "full":
            twins = velocity(some, x[[0, 1, 2, 3, 0, 1, 2, 3]])
            assert np.abs(twins[:4] - twins[4:]).max() < size
        if mask == "causal":
            alone = velocity(some, x[:6])
            # In a law with the factor 1/n it counts all tokens.
            gaps = [np.abs(share * alone - v[:6]).max() for share in (1.0, 6 / 12)]
            assert min(gaps) < size

    check()


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEADED)
def test_a_value_scales_time(kind):
    """Under cV a run takes 1/c of the time, laws of first order with heads."""
    ends = []
    for c, h in ((1.0, 0.05), (2.0, 0.025)):
        changes = {"dynamics": kind, "dynamics.heads.value.scale": c, "step": h}
        s = edit(Scenario(tokens=12), {**changes, "integrator": RK4()})
        run = Simulation(s, "numpy")
        for _ in range(20):
            run.step()
        ends.append(run.x)
    assert np.abs(ends[0] - ends[1]).max() < SAME
