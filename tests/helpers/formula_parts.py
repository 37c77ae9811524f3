"""Every law with every part: the scenarios whose formulas tests look at."""

from sim.dynamics import AttentionLaw, Dynamics, GraphLaw, PhaseSpaceLaw
from sim.graphs import Topology
from sim.integrators import Integrator
from sim.masks import Mask
from sim.masses import Masses
from sim.mlps import Mlp
from sim.positions import Positions
from sim.ramps import Ramp
from sim.scenario import Scenario, edit
from sim.settings.knobs import choices
from sim.settings.knobs import knobs as settings_of
from sim.spaces import Space
from sim.weights import Weights

N = 3
HEADS, METRIC = "dynamics.heads", "dynamics.metric"
DRAWN = {"query": "gaussian", "key": "gaussian", "value": "symmetric"}
MLP = {f"{HEADS}.mlp.first": "gaussian", f"{HEADS}.mlp.second": "gaussian"}
FILES = {
    "edges.csv": "source,target,weight\n0,1,0.7\n1,2,2.0\n0,2,1.3\n",
    "pairs.csv": "0,1\n",
    "masses.csv": "0.2\n1.0\n3.0\n",
    "matrix2.csv": "1,0.5\n-0.2,0.4\n",
    "matrix3.csv": "1,0.5,0\n-0.2,0.4,1\n0,0.3,0.9\n",
}
NEEDED = {  # what a member needs besides its kind, to be in force
    (f"{HEADS}.masses", "explicit"): {"masses": ((0.2, 1.0, 3.0),)},
    (f"{HEADS}.masses", "file"): {"path": "masses.csv"},
    (f"{HEADS}.mask", "window"): {"reach": 1},
    (f"{HEADS}.mask", "block"): {"size": 2},
    (f"{HEADS}.mask", "neighbours"): {"count": 1},
    (f"{HEADS}.mask", "graph"): {"path": "pairs.csv"},
    (f"{HEADS}.value", "diagonal"): {"entries": ((0.5, 1.5, -0.4),)},
    ("dynamics.graph", "file"): {"path": "edges.csv"},
    ("space", "mix_ln"): {"switch": 0.08},
}


def member(path, kind):
    """Return the changes that choose a member."""
    return {path: kind} | {
        f"{path}.{name}": value for name, value in NEEDED.get((path, kind), {}).items()
    }


def members(path, family):
    """Yield the name of every member of a family, and the changes that choose it."""
    for kind in family.kinds():
        yield f"{path.rpartition('.')[2]}={kind}", member(path, kind)


def matrices(owner, count):
    """Return drawn matrices in a number of heads."""
    drawn = {f"{owner}.{name}": kind for name, kind in DRAWN.items()}
    return {f"{owner}.count": count, **drawn}


def attention_parts():
    """Yield the parts of attention, by name."""
    yield "heads", matrices(HEADS, 2)
    for path, family in (
        ("mask", Mask),
        ("masses", Masses),
        ("mlp", Mlp),
        ("positions", Positions),
        ("depth.ramp", Ramp),
    ):
        yield from members(f"{HEADS}.{path}", family)
    for kind in Weights.kinds():
        if kind not in ("file", "explicit"):  # need a shape that fits
            yield f"value={kind}", {f"{HEADS}.value": kind}
    yield "V=-I", {f"{HEADS}.value.scale": -1.0}
    yield "scaled", {f"{HEADS}.scaled": True}
    yield "dropout", {f"{HEADS}.depth.dropout": 0.4, f"{HEADS}.depth.thickness": 0.04}
    yield (
        "layers",
        {
            f"{HEADS}.depth.layers": 3,
            f"{HEADS}.depth.thickness": 0.04,
            **matrices(HEADS, 1),
        },
    )
    for kind in ("additive", "composed"):
        for activation in choices(Mlp.member(kind), "activation"):
            mlp = {f"{HEADS}.mlp": kind, f"{HEADS}.mlp.activation": activation}
            yield f"{kind} {activation}", {**mlp, f"{HEADS}.mlp.bias": 0.5}
    yield (
        "everything",
        {
            **matrices(HEADS, 2),
            f"{HEADS}.scaled": True,
            **member(f"{HEADS}.mask", "window"),
            **member(f"{HEADS}.masses", "explicit"),
            f"{HEADS}.mlp": "composed",
            f"{HEADS}.mlp.bias": 0.5,
            f"{HEADS}.positions": "rotary",
            f"{HEADS}.depth.ramp": "geometric",
            f"{HEADS}.depth.layers": 2,
            f"{HEADS}.depth.dropout": 0.3,
            f"{HEADS}.depth.thickness": 0.04,
            "space": "ngpt",
            "integrator": "maruyama",
        },
    )


def graph_parts(law):
    """Yield the parts of a law on a graph, by name."""
    fixed = {kind for kind, one in Topology.kinds().items() if one().nodes(N) != N}
    for kind in Topology.kinds():
        if kind not in fixed or issubclass(law, PhaseSpaceLaw):
            yield f"graph={kind}", member("dynamics.graph", kind)
    if "loops" in settings_of(law):
        alone = {"dynamics.graph": "erdos_renyi", "dynamics.loops": False}
        yield "no edges", alone | {"dynamics.graph.p": 1e-6}
    if issubclass(law, PhaseSpaceLaw):
        for weights in ("frozen", "attention"):
            for convention in ("weighted", "euclidean"):
                yield (
                    f"{weights} {convention}",
                    {
                        f"{METRIC}.weights": weights,
                        f"{METRIC}.convention": convention,
                        **matrices(METRIC, 2),
                    },
                )
        yield "plain scores", {f"{METRIC}.weights": "attention"}


def own_parts(law):
    """Yield a law with every choice among its own settings, and numbers besides 0."""
    yield "plain", {}
    for name in settings_of(law):
        path = f"dynamics.{name}"
        for value in choices(law, name) or ():
            yield f"{name}={value}", {path: value}
        if name in ("gamma", "phi"):
            yield name, {path: 0.7}
        if name == "phi":
            yield "phi=90", {path: 90.0}
        if name in ("shifted", "loops", "unit"):
            yield f"no {name}", {path: False}
        if name == "count":
            drawn = {f"dynamics.{m}": k for m, k in DRAWN.items() if hasattr(law(), m)}
            yield "heads", {path: 2, **drawn}


def parts(law):
    """Yield all parts that a law can have."""
    yield from own_parts(law)
    yield from members("space", Space)
    yield from members("integrator", Integrator)
    if issubclass(law, AttentionLaw):
        yield from attention_parts()
    if issubclass(law, GraphLaw):
        yield from graph_parts(law)


def needs(kind):
    """Return what a law needs to run at all, and to move."""
    found = {"dynamics": kind}
    if kind == "metriplectic":
        found["dynamics.graph"] = "complete"
    if kind == "cross":
        found["dynamics.size"] = N
    if "stir" in settings_of(Dynamics.member(kind)):
        found["dynamics.stir"] = 1.0
    return found


def cases():
    """Yield the kind of every law, the name of a part of it, and the part's changes."""
    for kind, law in Dynamics.kinds().items():
        for name, changes in parts(law):
            yield kind, name, changes


def scenario(kind, changes, d, folder):
    """Return three tokens under a law with a part."""
    for name, text in FILES.items():
        if not (folder / name).exists():
            (folder / name).write_text(text)
    plain = {"precision": "float64", "seed": 5}
    known = {
        path: str(folder / value) if value in FILES else value
        for path, value in (needs(kind) | changes).items()
    }
    return edit(Scenario(tokens=N, dimension=d), plain | known)
