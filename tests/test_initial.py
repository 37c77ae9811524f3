"""Where tokens begin, and every way in which a file of tokens can be wrong."""

import dataclasses
import os
import re

import numpy as np
import pytest

from sim import Scenario, Simulation, edit
from sim.initial import Initial
from sim.initial.cap import Cap
from sim.initial.clusters import Clusters
from sim.initial.equiangular import Equiangular
from sim.initial.file import File
from sim.initial.polygon import Polygon
from sim.seed import Seed
from sim.simulation import place
from sim.tables import read_tokens


def rng():
    return Seed(7).rng("initial")


@pytest.mark.parametrize("kind", Initial.kinds())
def test_places_finite_tokens_and_repeats_itself(kind):
    scenario = edit(Scenario(tokens=9, dimension=9), {"initial": kind})
    a, b = place(scenario), place(scenario)
    assert a.x.shape == (scenario.tokens, scenario.dimension)
    assert a.x.dtype == np.float64
    assert (a.x == b.x).all()
    assert np.abs(np.linalg.norm(a.x, axis=1) - 1).max() < 1e-15


@pytest.mark.parametrize("kind", sorted(Initial.kinds().keys() - {"file"}))
@pytest.mark.parametrize(("n", "d"), [(1, 2), (2, 2), (1, 50)])
def test_few_tokens_are_enough(kind, n, d):
    run = Simulation(edit(Scenario(tokens=n, dimension=d), {"initial": kind}), "numpy")
    before = run.x
    run.advance(1.0)
    assert np.isfinite(run.x).all()
    if n == 1:
        assert np.abs(run.x - before).max() < 1e-15  # a single token does not move


def test_uniform_tokens_are_uniform():
    x = Initial.member("uniform")().place(20_000, 3, rng()).x
    assert np.abs(x.mean(axis=0)).max() < 4 / 20_000**0.5
    assert np.abs(x.T @ x / 20_000 - np.eye(3) / 3).max() < 0.02


def test_a_cap_lies_in_the_open_hemisphere():
    for spread in (0.01, 0.5, 10.0):
        x = place(Scenario(initial=Cap(spread))).x
        assert (x[:, 0] > 0).all()
    tight = place(Scenario(initial=Cap(0.01))).x
    assert np.arccos(tight[:, 0]).max() < 0.06


def test_clusters_come_in_groups_around_their_centres():
    begin = Clusters(centres=4, spread=0.01).place(100, 5, rng())
    groups = np.array(begin.groups)
    assert list(dict.fromkeys(begin.groups)) == [f"centre {k}" for k in (1, 2, 3, 4)]
    assert (np.unique(groups, return_counts=True)[1] == 25).all()
    for group in set(begin.groups):
        x = begin.x[groups == group]
        assert np.linalg.norm(x - x.mean(axis=0), axis=1).max() < 0.05


def test_the_centres_do_not_depend_on_n_or_the_spread():
    few = Clusters(centres=3, spread=0.001).place(3, 4, rng()).x
    many = Clusters(centres=3, spread=0.001).place(300, 4, rng()).x
    assert np.abs(few - many[[0, 100, 200]]).max() < 0.01
    assert len(Clusters(centres=9).place(4, 3, rng()).x) == 4


@pytest.mark.parametrize("rho", [-0.1, 0.0, 0.5, 0.99])
def test_equiangular_tokens(rho):
    x = Equiangular(rho).place(8, 10, rng()).x
    gram = x @ x.T
    assert np.abs(gram - (rho + (1 - rho) * np.eye(8))).max() < 1e-14


@pytest.mark.parametrize(
    ("n", "d", "rho", "words"),
    [
        (9, 8, 0.0, "need n ≤ d, got n = 9 and d = 8. Set d to 9 or more"),
        (5, 8, -0.25, "must be in (-0.25, 1) for n = 5, got -0.25"),
        (5, 8, 1.0, "must be in (-0.25, 1) for n = 5, got 1.0"),
    ],
)
def test_angles_that_do_not_exist(n, d, rho, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Equiangular(rho).place(n, d, rng())


def test_a_polygon_is_an_equilibrium_until_it_is_disturbed():
    rest = edit(Scenario(tokens=12, dimension=2), {"initial": "polygon"})
    exact = dataclasses.replace(rest, initial=Polygon(noise=0.0))
    assert np.abs(Simulation(exact, "numpy").velocity()).max() < 1e-15
    assert np.abs(Simulation(rest, "numpy").velocity()).max() > 1e-5
    flat = Polygon().place(12, 2, rng()).x
    deep = Polygon().place(12, 5, rng()).x
    assert (deep[:, :2] == flat).all()
    assert (deep[:, 2:] == 0).all()


# Files.

X = np.array([[0.5, 1.0, -2.0], [1.0, 0.25, 0.0], [3.0, -1.0, 1e-7], [0, 0, 4.0]])


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(separator, names=(), header=""):
    out = [header] if header else []
    for i, x in enumerate(X.tolist()):
        out.append(separator.join([*names[i : i + 1], *map(repr, x)]))
    return "\n".join(out) + "\n"


NAMED = ("cat", "dog", "the sea", "München")


@pytest.mark.parametrize(
    ("suffix", "text", "names"),
    [
        (".csv", rows(","), ()),
        (".csv", rows(";"), ()),
        (".tsv", rows("\t"), ()),
        (".txt", rows(" "), ()),
        (".csv", "# a comment\n\n" + rows(",") + "# more\n\n", ()),
        (".csv", "\ufeff" + rows(","), ()),
        (".csv", rows(",").replace("\n", "\r\n"), ()),
        (".csv", rows(",", header="a,b,c"), ()),
        (".csv", rows(", ", NAMED), NAMED),
        (".csv", rows(",", NAMED, "word,x0,x1,x2"), NAMED),
        (".csv", rows(",", NAMED, "Label,a,b,c"), NAMED),
        (".csv", rows(",", ("1", "2", "3", "4"), "token,a,b,c"), ("1", "2", "3", "4")),
        (".csv", rows(",", ("0", "1", "2", "3"), ",0,1,2"), ()),
    ],
)
def test_text_tables(suffix, text, names, tmp_path):
    table = read_tokens(write(tmp_path / f"t{suffix}", text))
    assert (table.x == X).all()
    assert table.names == (names if names != ("0", "1", "2", "3") else ())
    assert table.groups == ()


def test_names_and_groups_of_a_text_table(tmp_path):
    text = 'name,topic,note,a,b\n"x, y",one,hm,1,2\nz,two,ha,3,4\n'
    table = read_tokens(write(tmp_path / "t.csv", text))
    assert table.names == ("x, y", "z")
    assert table.groups == ("one", "two")
    assert (table.x == [[1, 2], [3, 4]]).all()


def test_coordinates_by_name_come_alone_and_in_order(tmp_path):
    text = "id,x1,x0,mass\n7,1,2,100\n8,3,4,200\n"
    table = read_tokens(write(tmp_path / "t.csv", text))
    assert (table.x == [[2, 1], [4, 3]]).all()


def test_arrays(tmp_path):
    np.save(tmp_path / "t.npy", X.astype(np.float32))
    assert (read_tokens(str(tmp_path / "t.npy")).x == X.astype(np.float32)).all()
    np.savez(tmp_path / "a.npz", y=np.zeros(3), other=np.zeros((2, 2)), tokens=X)
    assert (read_tokens(str(tmp_path / "a.npz")).x == X).all()
    named = {"labels": np.array(NAMED), "groups": np.array([1, 1, 2, 2])}
    np.savez(tmp_path / "b.npz", first=X, **named)
    table = read_tokens(str(tmp_path / "b.npz"))
    assert (table.x == X).all()
    assert table.names == NAMED
    assert table.groups == ("1", "1", "2", "2")


def test_our_words():
    table = read_tokens("asset:words.npz")
    assert table.x.shape == (240, 384)
    assert len(set(table.groups)) == 8
    assert table.names[:3] == ("cat", "dog", "horse")


def test_centring_and_limit(tmp_path):
    np.save(tmp_path / "t.npy", X)
    path = str(tmp_path / "t.npy")
    plain = File(path, centre=False)
    assert (plain.place(0, 0, rng()).x == X).all()
    centred = File(path).place(0, 0, rng()).x
    assert np.abs(centred.sum(axis=0)).max() < 1e-15
    short = File(path, limit=2)
    assert short.shape(128, 3) == (2, 3)
    assert np.abs(short.place(0, 0, rng()).x - (X[:2] - X[:2].mean(axis=0))).max() == 0


def test_a_file_brings_its_n_and_d_along(tmp_path):
    np.save(tmp_path / "t.npy", X)
    changes = {"initial": "file", "initial.path": str(tmp_path / "t.npy")}
    scenario = edit(Scenario(tokens=7, dimension=5), changes)
    assert (scenario.tokens, scenario.dimension) == (4, 3)


def test_one_row_is_a_token(tmp_path):
    path = write(tmp_path / "t.csv", "1,2,3\n")
    changes = {"initial": "file", "initial.path": path}
    run = Simulation(edit(Scenario(), changes), "numpy")
    run.advance(1.0)
    assert run.x.shape == (1, 3)


def test_a_changed_file_is_read_again(tmp_path):
    path = write(tmp_path / "t.csv", "1,2\n3,4\n")
    assert read_tokens(path).x[0, 0] == 1
    first = read_tokens(path)
    assert read_tokens(path) is first  # kept in memory
    write(tmp_path / "t.csv", "5,2\n3,4\n")
    os.utime(path, (1, 1))
    assert read_tokens(path).x[0, 0] == 5


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("t.csv", "", "t.csv: is empty. Give one token a row."),
        ("t.csv", "# nothing\n\n", "t.csv: is empty"),
        ("t.csv", "a,b,c\n", "t.csv: is empty"),
        ("t.csv", "1,2\n3,4,5\n", "line 2 has 3 columns, the lines before it 2"),
        ("t.csv", "# c\n\n1,2\n\n3\n", "line 5 has 1 columns, the lines before it 2"),
        ("t.csv", "x,y\n1,nan\n3,4\n", "line 2, column 2 (y): a finite number is"),
        ("t.csv", "1,2\n3,inf\n", "line 2, column 2: a finite number is needed, got"),
        ("t.csv", "1,2\n3,4\n5,six\n", "line 3, column 2: a finite number is needed"),
        ("t.csv", "1,2\n3,4\n5,six\n", "got 'six'. Mend or remove it."),
        ("t.csv", "1,2\n3,4\n5,\n", "line 3, column 2: a finite number is needed, go"),
        ("t.csv", "1\n2\n", "needs d ≥ 2 columns of numbers, got 1. Give every token"),
        ("t.csv", "cat,1\ndog,2\n", "needs d ≥ 2 columns of numbers, got 1"),
        ("t.csv", "cat,dog\nsea,sun\n", "t.csv: no column of numbers"),
        ("t.xlsx", "?", "t.xlsx: cannot be read; give a file of .npz, .npy, .csv"),
        ("t.npy", "1,2\n3,4\n", "t.npy: cannot be read as .npy (no such file, or it"),
        ("t.npz", "PK\x03\x04 broken", "t.npz: cannot be read as .npz ("),
        ("t.npy", "\x93NUMPY", "t.npy: cannot be read as .npy ("),
    ],
)
def test_a_bad_text_says_where_and_what_to_do(name, text, words, tmp_path):
    path = write(tmp_path / name, "")
    (tmp_path / name).write_bytes(text.encode("latin-1" if "\x93" in text else "utf-8"))
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        edit(Scenario(), {"initial": "file", "initial.path": path})
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": np.zeros(3)}, "needs an array of shape (n, d), one token a row, got x"),
        ({"x": np.zeros((2, 3, 4)), "y": X}, "needs an array of shape (n, d)"),
        ({}, "needs an array of shape (n, d), one token a row, got nothing"),
        ({"x": X[:, :1]}, "needs d ≥ 2 columns of numbers, got 1"),
        ({"x": np.zeros((0, 3))}, "holds no tokens. Give one a row."),
        ({"x": X + 1j}, "must hold real numbers, got complex128. Save it as float32"),
        ({"x": np.array([["a", "b"]])}, "must hold real numbers, got <U1"),
        (
            {"x": np.where(X == 0.25, np.nan, X)},
            "row, column 2, 2 is nan; numbers must",
        ),
        ({"x": X, "labels": np.array(["a"])}, "labels must have one entry a token, 4"),
    ],
)
def test_bad_arrays_say_where_and_what_to_do(arrays, words, tmp_path):
    path = tmp_path / "t.npz"
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=re.escape(words)):
        read_tokens(str(path))


def test_pickles_are_refused(tmp_path):
    np.savez(tmp_path / "t.npz", tokens=np.array([{}, []], dtype=object))
    with pytest.raises(ValueError, match="pickles are refused, since they can run"):
        read_tokens(str(tmp_path / "t.npz"))


def test_a_zero_token_is_named(tmp_path):
    zero = X.copy()
    zero[2] = 0
    np.save(tmp_path / "t.npy", zero)
    changes = {
        "initial": "file",
        "initial.path": str(tmp_path / "t.npy"),
        "initial.centre": False,
    }
    scenario = edit(Scenario(), changes)
    with pytest.raises(ValueError, match="token 3 cannot be put on the space"):
        Simulation(scenario, "numpy")
    Simulation(edit(scenario, {"space": "flat"}), "numpy").step()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "no file is given"),
        ("nowhere.csv", "nowhere.csv: there is no such file. Choose a file of type"),
        (".", "is a folder"),
        ("asset:none.npz", "there is no such asset; there are "),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_a_missing_file(path, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read_tokens(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root")
def test_a_file_that_may_not_be_read(tmp_path):
    path = write(tmp_path / "t.csv", "1,2\n")
    os.chmod(path, 0)
    with pytest.raises(ValueError, match="Permission denied"):
        read_tokens(path)


def test_no_text_at_all(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe1\x002\x00")
    with pytest.raises(ValueError, match=r"is no UTF-8 text\. Save it as CSV in UTF-8"):
        read_tokens(str(tmp_path / "t.csv"))
