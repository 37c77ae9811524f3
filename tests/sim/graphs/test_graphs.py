"""Graphs: families, coboundaries, adjoints, Hodge Laplacians, and bad input."""

import gzip

import array_api_strict as strict
import networkx
import numpy as np
import pytest
from helpers.graphs import bound, graph_of, random_graph, reference, state
from helpers.oracles import apart, held, missed

from sim.dynamics.bracket import Bracket
from sim.dynamics.metriplectic import Metriplectic
from sim.exterior_calculus.hodge import HodgeComplex
from sim.graph_operators import incidence
from sim.graph_operators.arcs import Arcs
from sim.graph_operators.edge_list import edge_list
from sim.graph_operators.segment_reduce import SegmentReduction
from sim.graphs import Graph, Topology
from sim.graphs.blocks import Blocks
from sim.graphs.erdos_renyi import ErdosRenyi
from sim.graphs.file import EdgeListFile
from sim.graphs.grid import Lattice
from sim.graphs.karate import Karate
from sim.graphs.path import Path
from sim.graphs.ring import Ring
from sim.graphs.star import Star
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

N = 34
FAMILIES = sorted(set(Topology.kinds()) - {"file"})


def made(topology, n=N, like=None, faces=True, seed=0):
    rng = np.random.default_rng(seed)
    like = np.zeros((n, 3)) if like is None else like
    found = topology.edge_list(rng.standard_normal((n, 3)), rng)
    return Graph.of(found, n, like, faces=faces)


def weighed(graph, rng):
    a0, a1, a2 = (
        rng.uniform(0.5, 2, (k, 1))
        for k in (graph.nodes, len(graph.edges), len(graph.faces))
    )
    return HodgeComplex(graph, a0, a1, a2)


@pytest.mark.parametrize("kind", FAMILIES)
def test_d1_d0_is_exactly_zero(kind):
    graph = made(Topology.kinds()[kind]())
    product = graph.d1.matrix @ graph.d0.matrix
    held("N", "d1 d0 = 0 on every graph", abs(product).sum(), 0.0)


@pytest.mark.parametrize("kind", FAMILIES)
def test_edges_are_simple_ordered_and_drawn_alike(kind):
    topology = Topology.kinds()[kind]()
    edges = made(topology).edges
    assert (edges[:, 0] < edges[:, 1]).all()
    assert np.array_equal(np.unique(edges, axis=0), edges)
    assert np.array_equal(made(topology).edges, edges)


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize("small", [0, 10**6], ids=["sparse", "dense"])
def test_operators_agree_on_every_library(kind, small, monkeypatch):
    monkeypatch.setattr(incidence, "MAX_DENSE_ENTRIES", small)
    rng = np.random.default_rng(1)
    q, topology = rng.standard_normal((2, N, 3)), Topology.kinds()[kind]()
    plain, other = made(topology, like=q), made(topology, like=strict.asarray(q))
    p = rng.standard_normal((2, len(plain.edges), 3))
    d0 = plain.d0.matrix.toarray()
    np.testing.assert_allclose(plain.difference(q), d0 @ q, atol=1e-14)
    np.testing.assert_allclose(plain.net_inflow(p), d0.T @ p, atol=1e-13)
    np.testing.assert_allclose(
        plain.d0.apply_abs_transpose(p), abs(d0).T @ p, atol=1e-13
    )
    for name, v in (("difference", q), ("net_inflow", p)):
        here = getattr(other, name)(strict.asarray(v))
        np.testing.assert_allclose(here, getattr(plain, name)(v), atol=1e-13)
    here = other.d0.apply_abs_transpose(strict.asarray(p))
    np.testing.assert_allclose(here, plain.d0.apply_abs_transpose(p), atol=1e-13)


@pytest.mark.parametrize("convention", ["weighted", "unit"])
def test_adjoints_are_adjoint(convention):
    rng = np.random.default_rng(2)
    graph = graph_of(random_graph(rng), 7)
    a = weighed(graph, rng) if convention == "weighted" else HodgeComplex(graph)
    q, p, r = (rng.standard_normal((k, 3)) for k in (7, 12, len(graph.faces)))
    one = np.ones(1)
    a0, a1, a2 = (one if m is None else m for m in (a.a0, a.a1, a.a2))
    error = missed(np.sum(a.d0(q) * a1 * p), np.sum(q * a0 * a.d0_star(p)))
    held("N", "⟨d0 q, p⟩ = ⟨q, d0* p⟩, relative", error, 1e-13)
    error = missed(np.sum(a.d1(p) * a2 * r), np.sum(p * a1 * a.d1_star(r)))
    held("N", "⟨d1 p, r⟩ = ⟨p, d1* r⟩, relative", error, 1e-13)
    assert np.sum(a.laplacian1(p) * a1 * p) > 0
    np.testing.assert_allclose(a.laplacian2(r), a.d1(a.d1_star(r)))


def test_hodge_laplacians_have_the_right_kernels():
    rng = np.random.default_rng(3)
    graph = graph_of(random_graph(rng), 7)
    a = weighed(graph, rng)
    one = np.eye(len(graph.edges))
    holes = np.linalg.matrix_rank(a.laplacian1(one))
    d0, d1 = graph.d0.matrix.toarray(), graph.d1.matrix.toarray()
    assert holes == np.linalg.matrix_rank(d0) + np.linalg.matrix_rank(d1)
    assert np.linalg.matrix_rank(a.laplacian0(np.eye(7))) == 6


@pytest.mark.parametrize(
    ("topology", "values"),
    [
        (Ring(), lambda n: 2 - 2 * np.cos(2 * np.pi * np.arange(n) / n)),
        (Path(), lambda n: 2 - 2 * np.cos(np.pi * np.arange(n) / n)),
        (Star(), lambda n: np.r_[0, np.ones(n - 2), n]),
    ],
    ids=["ring", "path", "star"],
)
def test_n5_spectra_of_named_graphs(topology, values):
    laplacian = HodgeComplex(made(topology, 12)).laplacian0(np.eye(12))
    found = np.linalg.eigvalsh(laplacian)
    error = apart(found, np.sort(values(12)))
    held("N5", "spectra of C₁₂, P₁₂ and the star", error, 1e-13)


def test_spectra_of_the_karate_club_and_the_grid():
    data = reference("graph_gat_karate")
    karate = made(Karate())
    assert np.array_equal(karate.edges, data["edges"])
    found = np.linalg.eigvalsh(HodgeComplex(karate).laplacian0(np.eye(34)))
    error = apart(found, data["lap_eigs"])
    held("graph_gat_karate", "spectrum of the Laplacian", error, 1e-12)
    ours = {tuple(e) for e in made(Lattice(), 36).edges.tolist()}
    theirs = networkx.convert_node_labels_to_integers(networkx.grid_2d_graph(6, 6))
    assert ours == {tuple(sorted(e)) for e in theirs.edges}
    torus = made(Lattice(closed=True), 36)
    assert len(torus.edges) == 72
    assert not made(Lattice(columns=7), 36).notes


def test_triangles_are_those_that_networkx_finds():
    data = reference("bracket_src_karate_fields")
    assert np.array_equal(made(Karate()).faces, data["triangles"])
    pairs = made(ErdosRenyi(p=0.3), 60).edges
    counted = networkx.triangles(networkx.Graph(pairs.tolist()))
    assert len(graph_of(pairs, 60).faces) == sum(counted.values()) / 3


@pytest.mark.slow
def test_random_graphs_have_the_expected_size():
    rng = np.random.default_rng(4)
    big = ErdosRenyi(p=2e-4).edge_list(np.zeros((100_000, 1)), rng).edges
    assert len(big) == pytest.approx(1e6, rel=0.01)
    assert (big[:, 0] < big[:, 1]).all()
    blocks = Blocks(count=2, inside=0.5, between=0.1).edge_list(np.zeros((400, 1)), rng)
    inside = (blocks.edges < 200).all(1) | (blocks.edges >= 200).all(1)
    assert inside.sum() == pytest.approx(0.5 * 2 * 19900, rel=0.05)
    assert (~inside).sum() == pytest.approx(0.1 * 40000, rel=0.05)


def test_a_large_star_needs_memory_of_order_n_log_n():
    n = 20_000
    owners = np.stack([np.zeros(n - 1, int), np.arange(1, n)], axis=1)
    reduction = SegmentReduction.of(owners, n, np.zeros(1))
    assert sum(level.slots.size for level in reduction.levels) < 8 * n * 5
    v = np.random.default_rng(5).standard_normal((n - 1, 2))
    np.testing.assert_allclose(reduction.segment_sum(v)[0], v.sum(0), atol=1e-10)
    np.testing.assert_array_equal(reduction.segment_max(v)[0], v.max(0))


def test_softmax_over_arcs_sums_to_one_even_for_large_scores():
    arcs = Arcs.of(made(Karate()).edges, 34, np.zeros(1), loops=True)
    scores = 1e4 * np.random.default_rng(6).standard_normal((2, 190, 1))
    total = arcs.sum_at_target(arcs.softmax(scores))
    np.testing.assert_allclose(total, 1, atol=1e-14)


@pytest.mark.parametrize(
    ("pairs", "weight", "says"),
    [
        ([[0, 9]], None, "edge 0 – 9 names a node that does not exist; with 4 tokens"),
        ([[0, 1]], [-1.0], "edge 0 – 1 has weight -1; weights must be positive"),
        ([[0, 1]], [np.nan], "must be positive and finite"),
        ([[0, 1], [1, 0]], [1.0, 2.0], "listed with two weights, 1 and 2"),
    ],
)
def test_bad_edges_are_refused(pairs, weight, says):
    weight = None if weight is None else np.array(weight)
    with pytest.raises(ValueError, match=says):
        edge_list(np.array(pairs), 4, weight)


def test_loops_and_doubles_are_mended_and_said():
    found = edge_list(np.array([[1, 1], [2, 0], [0, 2], [3, 1]]), 4)
    assert found.edges.tolist() == [[0, 2], [1, 3]]
    assert "1 loop is left out" in found.notes[0]
    assert "1 edge is listed twice" in found.notes[1]


def test_a_graph_in_pieces_is_allowed_and_said():
    scenario = edit(
        Scenario(tokens=8, dimension=2, seed=3),
        {"dynamics": "bracket", "dynamics.graph": "neighbours", "dynamics.graph.k": 1},
    )
    frame = Simulation(edit(scenario, {"space": "flat"})).frame()
    assert "components; each keeps its own mean" in frame.notes[-1]


def test_laws_that_need_triangles_say_so():
    with pytest.raises(ValueError, match="needs triangles, and the graph has none"):
        bound(Metriplectic(graph=Ring()), np.zeros((6, 2)))


def test_graphs_that_are_too_large_are_refused():
    complete = Topology.member("complete")()
    with pytest.raises(ValueError, match="at most 4,000,000 can be stepped"):
        complete.edge_list(np.zeros((10_000, 1)), np.random.default_rng(0))


def test_graphs_bring_their_number_of_tokens():
    scenario = edit(Scenario(), {"dynamics": "bracket", "dynamics.graph": "karate"})
    assert scenario.tokens == 34
    with pytest.raises(ValueError, match="34 members, got 5 tokens"):
        made(Karate(), 5)


def test_edge_lists_are_read(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_text("source,target,weight\n0,1,2\n1,2,0.5\n3,1,1\n")
    scenario = edit(
        Scenario(dimension=2),
        {
            "dynamics": "bracket",
            "dynamics.graph": "file",
            "dynamics.graph.path": str(file),
        },
    )
    assert scenario.tokens == 4
    frame = Simulation(scenario).frame()
    assert frame.edges.tolist() == [[0, 1], [1, 2], [1, 3]]
    assert frame.edge_weight.tolist() == [2, 0.5, 1]
    named = tmp_path / "named.txt"
    named.write_text("from,to\nann,bob\nbob,cy\n")
    assert made(EdgeListFile(path=str(named)), 3).edges.tolist() == [[0, 1], [1, 2]]


def test_graphml_is_read_through_networkx(tmp_path):
    path = tmp_path / "karate.graphml"
    networkx.write_graphml(networkx.karate_club_graph(), path)
    topology = EdgeListFile(path=str(path))
    assert topology.nodes(1) == 34
    assert np.array_equal(made(topology).edges, made(Karate()).edges)
    assert made(topology).weight is not None
    path.write_text("<no/>")
    with pytest.raises(ValueError, match="is not GraphML"):
        topology.nodes(1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\nann,bob\n", "first line must be source,target"),
        ("0,1,x\n", "line 1, column 3: expected a weight, got 'x'"),
        ("0\n1\n", "source, target and perhaps weight; got 1 columns"),
        ("0,7\n", "names a node that does not exist"),
        ("0,1\n0,-1\n", "line 2: the edge 0 – -1 names a node that does not exist"),
        ("0,1,1\n\n2,3,0\n", "line 3: the edge 2 – 3 has weight 0"),
        ("0,1,1\n0,2,-1\n", "line 2: the edge 0 – 2 has weight -1"),
        ("2,2,1\n0,1,1\n1,0,2\n", "line 3: the edge 0 – 1 is listed with two weights"),
        ("0 1 2\n1 2\n2\n", "line 2 has 2 cells|line 1 has 3 cells"),
        ("5 4\n0 1\n1 2\n2 3\n3 4\n", "line 1: may be an edge, or count the 4 edges"),
        ("5 2\n0 1 .5\n1 2 .5\n", "line 1 counts nodes and edges, and is none"),
        ("% by hand\n3 3 2\n2 1 .5\n3 2 1\n", "line 2: may be an edge, or count"),
        ("source,target\n0,1,2\n1,2,3\n", "line 1 has 2 titles, the lines below it 3"),
        ("0,1,0,1\n1,0,1,0\n0,1,0,1\n1,0,1,0\n", "an adjacency matrix, 4 × 4"),
    ],
)
def test_broken_edge_lists_say_what_is_wrong(tmp_path, text, says):
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        made(EdgeListFile(path=str(file)), 4)


def test_missing_files_say_what_to_do():
    with pytest.raises(ValueError, match="there is no such file"):
        made(EdgeListFile(path="nowhere.csv"))
    with pytest.raises(ValueError, match="no file"):
        made(EdgeListFile())


def test_lone_nodes_stay_where_they_are():
    field = bound(Bracket(graph=Path()), np.ones((1, 2)))
    v = field.velocity(state(np.ones((1, 2)), np.zeros((0, 2))))
    assert not v.x.any()


def test_too_many_lines_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.tables.edges.MAX_LINES", 10)
    monkeypatch.setattr("sim.tables.edges.MAX_COMMENTS", 5)
    monkeypatch.setattr("sim.tables.edges.opened", None)  # not called
    for name, opener in (("a.csv", open), ("a.csv.gz", gzip.open)):
        with opener(tmp_path / name, "wt") as file:
            file.write("0,1\n" * 16)
        with pytest.raises(ValueError, match="has more than 10 lines; so many edges"):
            EdgeListFile(path=str(tmp_path / name)).nodes(1)
