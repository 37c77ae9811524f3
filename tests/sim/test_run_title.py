"""A run is called by its law once it is no longer the preset that it was named for."""

from __future__ import annotations

import csv
import json

import pytest

import sim
from app.annotations.caption_text import title
from app.document.document import Document
from app.document.provenance import embedded_document
from app.document.session import Session
from sim.engine import Engine
from sim.resources import presets
from sim.run_title import retitled
from sim.scenario import edit

WAVES = sim.Scenario.load(presets()["graph-wave"])
MODIFIED = "Waves on a graph (modified)"


@pytest.mark.parametrize(
    "changes, wanted",
    [
        ({"dynamics.gamma": 0.5}, MODIFIED),
        ({"dynamics.gamma": 0.3}, MODIFIED),
        ({"dynamics": "hardmax"}, MODIFIED),
        ({"step": 0.01, "seed": 3}, "Waves on a graph"),
        ({"dynamics.gamma": 0.5, "title": "Mine"}, "Mine"),
    ],
)
def test_a_title_follows_the_law(changes, wanted):
    assert retitled(WAVES, edit(WAVES, changes), WAVES).title == wanted


def test_who_comes_back_has_the_title_back():
    there = retitled(WAVES, edit(WAVES, {"dynamics.gamma": 0.5}), WAVES)
    back = retitled(there, edit(there, {"dynamics.gamma": 0.0}), WAVES)
    assert back == WAVES
    again = retitled(there, edit(there, {"dynamics": "spin", "dimension": 3}), there)
    assert again.title == MODIFIED


def test_an_untitled_run_stays_so():
    plain = sim.Scenario()
    repelled = edit(plain, {"dynamics.heads.value.scale": -1.0})
    assert retitled(plain, repelled, plain).title == ""
    assert title(repelled) == "128 tokens on the sphere S²"


def test_the_window_says_it_and_undoes_it(qtbot):
    """The window too; who takes the edit back takes the title back."""
    engine = Engine(sim.Simulation(WAVES))
    session = Session(Document(WAVES), engine)
    session.edit("dynamics.gamma", 0.5)
    assert title(session.document.scenario) == MODIFIED
    session.undo()
    assert session.document.scenario.title == "Waves on a graph"
    session.redo()
    session.edit("dynamics.beta", 3.0)  # refused: there is none
    assert session.document.scenario.title == MODIFIED
    session.close()


@pytest.mark.slow
def test_the_command_line_says_it_too(tmp_path):
    from app.__main__ import main

    file = str(presets()["graph-wave"])
    sets = ["--set", "dynamics.gamma=0.5", "--set", "duration=0.2"]
    assert main(["run", file, *sets, "-o", str(tmp_path / "out")]) == 0
    table = tmp_path / "out" / "observables.csv"
    found = embedded_document(table)
    assert found is not None and found.scenario.title == MODIFIED
    kept = json.loads((tmp_path / "out" / "scenario.json").read_text("utf-8"))
    assert kept["title"] == MODIFIED
    picture = tmp_path / "out.png"
    args = ["render", file, *sets, "-o", str(picture), "--size", "320x240"]
    assert main(args) == 0
    drawn = embedded_document(picture)
    assert drawn is not None and drawn.scenario.title == MODIFIED
    with table.open(encoding="utf-8") as lines:
        rows = [r for r in csv.reader(lines) if not r[0].startswith("#")]
    assert len(rows) > 1


@pytest.mark.parametrize("look", [3, [], "dark", {"colour": "nonsense"}, {"no": 1}])
def test_a_look_is_checked_with_one_message(look, tmp_path, capsys):
    from app.__main__ import main

    path = tmp_path / "a.json"
    path.write_text(json.dumps({"format": 1, "look": look}), encoding="utf-8")
    assert main(["check", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.lower().startswith("orrery: a.json: look") and said.count("\n") == 1
