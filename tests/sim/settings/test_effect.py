"""Settings without effect are said, wherever they are given."""

import json

import pytest

import sim
from app.document.loading import open_document
from sim.resources import presets
from sim.settings.effect import UnusedSettingWarning

UNUSED = {"dynamics.heads.depth.thickness": 2.0}
SAID = "dynamics.heads.depth.thickness has no effect while"


def test_an_edit_warns_and_keeps_the_setting():
    with pytest.warns(UnusedSettingWarning, match=SAID) as said:
        found = sim.edit(sim.Scenario(), UNUSED)
    assert said[0].filename == __file__
    more = sim.edit(found, {"dynamics.heads.depth.layers": 3})  # now it has one
    assert more.dynamics.heads.depth.thickness == 2


def test_files_warn_and_open(tmp_path):
    plain = {"format": 1, "dynamics": {"kind": "hardmax"}}
    ours = {"heads": {"depth": {"thickness": 2.0}}}
    change = {"t": 1, "set": {"dynamics.heads.depth.ramp": "none"}}
    start, timed = tmp_path / "start.json", tmp_path / "timed.json"
    start.write_text(json.dumps({**plain, "dynamics": {"kind": "softmax", **ours}}))
    timed.write_text(json.dumps({**plain, "schedule": [change]}))
    for read in (sim.Scenario.load, sim.open_scenario, sim.open_run, open_document):
        with pytest.warns(UnusedSettingWarning, match=f"^start.json: {SAID}"):
            read(start)
    with pytest.warns(UnusedSettingWarning, match=r"t = 1 dynamics\.heads\.depth\.ram"):
        sim.open_run(timed)
    said = []
    sim.open_scenario(start, report=said.append)
    assert len(said) == 1 and SAID in said[0]


def test_presets_set_nothing_without_effect():
    for path in presets().values():
        said = []
        sim.open_run(path, report=said.append)
        assert not [s for s in said if "no effect" in s]
