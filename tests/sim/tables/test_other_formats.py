"""Files of other formats are refused by the names of these."""

import json

import numpy as np
import pytest

from sim.__main__ import main
from sim.graphs.file import EdgeListFile
from sim.loading import open_run
from sim.tables.other_formats import is_metis
from sim.tables.reading import read_tokens

PAJEK = '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n*Edges\n1 2\n2 3\n'
METIS = "4 3\n2\n1 3\n2 4\n3\n"
LINES = "".join(json.dumps({"word": w, "v": [1, 2]}) + "\n" for w in "ab")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.graph", METIS, "METIS"),
        ("a.net", PAJEK, "Pajek"),
        ("a.txt", PAJEK, "Pajek"),
        ("a.txt", METIS, "METIS"),
        ("a.jsonl", LINES, "JSON lines"),
        ("a.json", LINES, "JSON lines"),
        ("a.what", "hello", "not known"),
        (
            "a.json",
            "hello",
            r"column 1\. Open a scenario",
        ),
    ],
)
def test_the_format_is_named(tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        open_run(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("a.graph", METIS, "METIS"), ("a.net", PAJEK, "Pajek"), ("a.txt", METIS, "METIS")],
)
def test_the_format_of_a_graph_is_named(tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        EdgeListFile(str(tmp_path / name)).nodes(4)


def test_booleans_are_no_numbers(tmp_path):
    np.save(tmp_path / "a.npy", np.eye(3, dtype=bool))
    with pytest.raises(ValueError, match="must hold real numbers, got bool"):
        read_tokens(str(tmp_path / "a.npy"))


def test_edges_among_as_many_nodes_as_rows_are_a_table():
    assert not is_metis(["4 4", "1 2", "2 3", "3 4", "4 1"])
    assert is_metis(METIS.splitlines())


def test_a_header_that_is_cut_off_is_said(tmp_path):
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00\x10\x00{'descr': (((\n    ")
    with pytest.raises(ValueError, match=r"a\.npy: cannot be read"):
        read_tokens(str(tmp_path / "a.npy"))


def test_half_a_character_is_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"format": 1, "title": "a\\ud800"}')
    with pytest.raises(ValueError, match=r"half a character.*ud800"):
        open_run(tmp_path / "a.json")


def test_a_user_that_is_not_there_is_no_folder(capsys):
    assert main(["run", "~nosuchuser/x.json"]) != 0
    assert "~nosuchuser/x.json: there is no such file" in capsys.readouterr().err
