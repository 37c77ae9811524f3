"""--text and --model: a sentence played without a window."""

import csv
import json

import numpy as np
import pytest
from helpers.checkpoints import TINY

from sim.__main__ import main
from sim.models.language_model import open_model

TEXT = "a bird sat on the bank, near water"


def run(*argv):
    return main(["run", "--model", str(TINY), "--text", TEXT, *map(str, argv)])


@pytest.mark.slow
def test_a_sentence_writes_states_attention_and_cosines(tmp_path, capsys):
    assert run("-o", tmp_path / "out") == 0
    assert "wrote" in capsys.readouterr().out
    with np.load(tmp_path / "out" / "sentence.npz") as z:
        want = open_model(TINY).forward(TEXT, float)
        assert np.array_equal(z["states"], want.states)
        assert np.array_equal(z["attention"], want.attention)
        assert str(z["sentence"]) == TEXT
        u = want.states[3] / np.linalg.norm(want.states[3], axis=-1, keepdims=True)
        assert np.abs(z["cosines"][3] - u @ u.T).max() < 1e-12
        assert z["special"].tolist() == [True] + [False] * (len(z["ids"]) - 1)
    with (tmp_path / "out" / "cosines.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    above = np.triu_indices(len(u), 1)
    assert len(rows) == 9 and rows[3]["half_layer"] == "3"
    assert float(rows[3]["mean_cosine"]) == pytest.approx((u @ u.T)[above].mean())


def test_its_scenario_is_named_and_ends_with_the_last_layer(tmp_path):
    assert run("-o", tmp_path / "out", "--no-trajectory", "--set", "step=0.5") == 0
    text = (tmp_path / "out" / "scenario.json").read_text(encoding="utf-8")
    s = json.loads(text)
    assert s["title"] == TEXT and s["duration"] == 8 and s["step"] == 0.5
    assert s["dynamics"]["sha256"] == open_model(TINY).files.sha256
    assert "gpt2, 4 layers" in s["reference"]


def test_a_folder_alone_is_a_model(tmp_path, capsys):
    assert main(["run", str(TINY), "--text", TEXT, "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "tiny_wordnet: gpt2, 4 layers" in said and "Not known: its licence" in said
    assert main(["run", str(tmp_path)]) != 0
    assert "there are no weights in it" in capsys.readouterr().err


@pytest.mark.slow
def test_a_preset_of_two_lanes_is_played_by_name(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["run", "apple", "-o", str(out), "--no-trajectory"]) == 0
    assert {"sentence-1.npz", "sentence-2.npz"} <= {p.name for p in out.iterdir()}
    one = ["run", "apple", "--text", "one word", "--set", "duration=1"]
    assert main([*one, "-o", str(tmp_path / "one"), "--no-trajectory"]) == 0
    assert (tmp_path / "one" / "sentence.npz").is_file()  # its lanes are replaced
    capsys.readouterr()
    assert main(["check", "apple"]) == 0
    assert "lane 2: “The apple computer firm" in capsys.readouterr().out


def test_two_sentences_are_two_lanes(tmp_path):
    assert run("--text", "the river, and water", "-o", tmp_path / "out") == 0
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names >= {"sentence-1.npz", "sentence-2.npz", "cosines-2.csv"}
    assert run("-o", tmp_path / "out") != 0  # what is there is not replaced unasked


@pytest.mark.parametrize(
    "argv, part",
    [
        (["--text", " "], "orrery: the sentence is empty. Type some words."),
        (["--model", "/nowhere"], "/nowhere: there is no such folder"),
    ],
)
def test_what_cannot_be_read_is_one_message(argv, part, capsys):
    assert main(["run", *argv]) != 0
    error = capsys.readouterr().err
    assert part.removeprefix("orrery: ") in error and error.count("\n") == 1
