"""Edge lists in every way of writing: read exactly, or refused, never otherwise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.graphs.file import EdgeListFile

NODES = 7
NAMES = ("sun", "moon", "Über", "a b", "#tag", "C#", "日本", "don't", "x,y", '"')
TITLES = {
    "none": None,
    "networkx": ("source", "target", "weight"),
    "gephi": ("Source", "Target", "Weight"),
    "from": ("from", "to", "weight"),
    "short": ("i", "j", "w"),
    "unknown": ("gamma", "delta", "epsilon"),
}
KNOWN = ("networkx", "gephi", "from")
IDS = {"float": "{}.0", "scientific": "{:.18e}"}
FORMATS = ("{:.3f}", "{:g}", "{!r}", "{:.2e}")


@st.composite
def graphs(draw, plain=False):
    """Draw edges, weights, and the text of a file that has them."""
    pairs = [(i, j) for i in range(NODES) for j in range(i + 1, NODES)]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=9, unique=True))
    turned = draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges)))
    edges = [
        (j, i) if back else (i, j) for (i, j), back in zip(edges, turned, strict=True)
    ]
    form = draw(st.sampled_from(FORMATS))
    weights = draw(st.none() | st.just([]))
    if weights is not None:
        some = st.floats(0.01, 50)
        weights = [form.format(draw(some)) for _ in edges]
    how = {
        "separator": draw(st.sampled_from(",;\t" if plain else ",;\t |")),
        "titles": draw(st.sampled_from(KNOWN if plain else tuple(TITLES))),
        "ids": draw(st.sampled_from(("whole",) if plain else ("whole", *IDS, "name"))),
        "decimal": "." if plain else draw(st.sampled_from(".,")),
        "index": not plain and draw(st.booleans()),
        "type": draw(st.booleans()),
        "hollow": draw(st.booleans()),
        "end": draw(st.sampled_from(("\n", "\r\n"))),
        "encoding": draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))),
        "comment": "" if plain else draw(st.sampled_from(("", "# made by hand"))),
    }
    return edges, weights, how


def texts_of(edges, how):
    """Return the ids of the nodes as text, and as they are numbered when read."""
    if how["ids"] != "name":
        form = IDS.get(how["ids"], "{}")
        return [[form.format(k) for k in edge] for edge in edges], edges
    order = list(dict.fromkeys(k for edge in edges for k in edge))
    named = [[NAMES[k] for k in edge] for edge in edges]
    return named, [tuple(map(order.index, edge)) for edge in edges]


def content_of(edges, weights, how):
    """Return the bytes of the file."""
    ids, _ = texts_of(edges, how)
    rows = [list(pair) for pair in ids]
    titles = list(TITLES[how["titles"]] or ())[:2]
    if how["type"] and titles:
        titles, rows = [*titles, "Type"], [[*row, "Undirected"] for row in rows]
    if weights is not None:
        shown = [w.replace(".", how["decimal"]) for w in weights]
        rows = [[*row, weight] for row, weight in zip(rows, shown, strict=True)]
        titles += [TITLES[how["titles"]][2]] if titles else []
    if how["index"] and titles:
        titles, rows = ["", *titles], [[str(k), *row] for k, row in enumerate(rows)]
    lines = [how["comment"]] if how["comment"] else []
    cell = _quoted if how["separator"] in ",;|" else str
    if how["hollow"] and how["separator"] != " ":  # as spreadsheets leave them
        rows = [*rows, [""] * len(rows[0]), [""] * len(rows[0])]
    for row in ([titles] if titles else []) + rows:
        lines.append(how["separator"].join(cell(c) for c in row))
    return (how["end"].join(lines) + how["end"]).encode(how["encoding"])


def _quoted(cell):
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(c in cell for c in '",;|') else cell


def read(content, folder):
    """Return edges with their weights; None if the file is refused in one sentence."""
    file = folder / "graph.csv"
    file.write_bytes(content)
    topology = EdgeListFile(path=str(file))
    try:
        nodes = topology.nodes(1)
        found = topology.edge_list(np.zeros((nodes, 2)), np.random.default_rng())
    except ValueError as error:
        said = str(error)
        assert "graph.csv" in said and "\n" not in said and len(said) < 600, said
        return None
    weights = (
        [1.0] * len(found.edges) if found.weight is None else found.weight.tolist()
    )
    return dict(zip(map(tuple, found.edges.tolist()), weights, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("graphs")


def expected(edges, weights, how):
    """Return what is in the file: weights by pairs of nodes."""
    _, numbered = texts_of(edges, how)
    values = [1.0] * len(edges) if weights is None else [float(w) for w in weights]
    pairs = [tuple(sorted(edge)) for edge in numbered]
    return dict(zip(pairs, values, strict=True))


@settings(max_examples=100, deadline=None)
@given(graph=graphs())
def test_an_edge_list_is_read_exactly_or_refused(folder, graph):
    found = read(content_of(*graph), folder)
    assert found is None or found == expected(*graph)


@settings(max_examples=30, deadline=None)
@given(graph=graphs(plain=True))
def test_an_edge_list_with_known_titles_is_read(folder, graph):
    """Refusing everything would pass the test above."""
    assert read(content_of(*graph), folder) == expected(*graph)


def test_a_word_before_the_ends_is_a_row_name_in_quotes_or_refused(folder):
    assert read(b'source target\n"r1" a b\n"r2" a c\n', folder) == {
        (0, 1): 1.0,
        (0, 2): 1.0,
    }
    assert read(b"source target\nmoon a b\nsun a c\n", folder) is None
    assert len(read(b"source\ttarget\nmoon\ta\tb\nsun\ta\tc\n", folder)) == 2


COUNTED = [(k, (7 * k + 1) % 300 + 1) for k in range(400)]


@pytest.mark.parametrize("first", ["900 400", "900 900 400", "401 400"])
def test_a_line_that_counts_is_no_edge(folder, first):
    weight = " 1.5" if first.count(" ") == 2 else ""
    rows = [f"{a} {b}{weight}" for a, b in COUNTED]
    assert read("\n".join([first, *rows, ""]).encode(), folder) is None


@pytest.mark.parametrize("title", ["count", "distance", "corr", "n", "weight (kg)"])
@pytest.mark.parametrize("form", ["{}", "{}.5"])
def test_numbers_that_may_be_weights_are_not_left_out(folder, title, form):
    rows = [f"{k},{k + 1},x,{form.format(k + 2)}" for k in range(4)]
    text = "\n".join([f"source,target,type,{title}", *rows, ""])
    assert read(text.encode(), folder) is None
    text = text.replace(title, "edge_weight", 1)
    assert list(read(text.encode(), folder).values()) == [
        float(form.format(k + 2)) for k in range(4)
    ]


def test_rows_that_are_counted_are_no_nodes(folder):
    assert read(b"0,4,7\n1,3,8\n2,6,1\n", folder) is None
    assert read(b"0,1,7\n1,2,8\n2,3,1\n", folder) == {(0, 1): 7, (1, 2): 8, (2, 3): 1}
    assert read(b"0,1,2\n3,1,.5\n1,2,.25\n", folder) is None  # titles of pandas


@pytest.mark.parametrize(
    ("ids", "attribute", "found"),
    [
        ("012", "weight", {(0, 1): 2.5, (0, 2): 4.0}),
        ("012", "Weight", {(0, 1): 2.5, (0, 2): 4.0}),
        ("012", "corr", None),
        ("312", "weight", {(0, 2): 2.5, (1, 2): 4.0}),  # in the order of the ids
    ],
)
def test_graphml_has_its_weights_and_ids(tmp_path, ids, attribute, found):
    networkx = pytest.importorskip("networkx")
    graph = networkx.Graph()
    graph.add_edge(ids[0], ids[1], **{attribute: 2.5})
    graph.add_edge(ids[0], ids[2], **{attribute: 4.0})
    networkx.write_graphml(graph, tmp_path / "g.graphml")
    topology = EdgeListFile(path=str(tmp_path / "g.graphml"))
    if found is None:
        with pytest.raises(ValueError, match=r"g\.graphml: the attribute 'corr'"):
            topology.nodes(1)
        return
    edges = topology.edge_list(np.zeros((3, 2)), np.random.default_rng())
    pairs = map(tuple, edges.edges.tolist())
    assert dict(zip(pairs, edges.weight.tolist(), strict=True)) == found
