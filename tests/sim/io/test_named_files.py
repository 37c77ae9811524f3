"""Files that a run names: consent before anything is read, and changes since."""

from __future__ import annotations

import builtins
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.io import packing
from sim.io.embedded_files import Entry, extracted, is_extracted
from sim.io.limits import IN_MEDIA, MAX_EXPANDED
from sim.io.named_files import ForeignFilesError, names_in, unpacked
from sim.io.packing import reference
from sim.io.run_files import ChangedFilesWarning
from sim.loading import open_run, open_scenario
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run
from sim.schedule_file import run_from_plain, save_run

START = {"initial": "file", "initial.limit": 4}


def scenario_file(folder, name, **more):
    """Write a scenario whose table of tokens is called `name`."""
    file = folder / "scenario.json"
    initial = {"kind": "file", "path": name, "limit": 4}
    data = {"format": 1, "initial": initial, "duration": 0.2, **more}
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


@pytest.fixture
def near(tmp_path):
    (tmp_path / "near").mkdir()
    np.save(tmp_path / "near" / "tokens.npy", np.eye(5))
    return tmp_path / "near"


@pytest.fixture
def far(tmp_path):
    (tmp_path / "far").mkdir()
    np.save(tmp_path / "far" / "tokens.npy", np.eye(5))
    return tmp_path / "far"


@pytest.fixture
def touched(monkeypatch):
    """Every path of the file system that is looked at, from now on."""
    paths = []

    def watch(owner, name):
        real = getattr(owner, name)

        def watched(path, *args, **kwargs):
            paths.append(str(path))
            return real(path, *args, **kwargs)

        monkeypatch.setattr(owner, name, watched)

    for name in ("stat", "lstat", "open", "scandir", "listdir", "readlink", "access"):
        watch(os, name)
    watch(io, "open")
    watch(builtins, "open")
    return paths


def foreign_names(near, far):
    table = far / "tokens.npy"
    return [
        str(table),
        "../far/tokens.npy",
        "sub/../../far/tokens.npy",
        "~/tokens.npy",
        "..\\far\\tokens.npy",
        "C:\\far\\tokens.npy",
        "C:far.npy",
        "\\\\server\\share\\tokens.npy",
        "//server/share/tokens.npy",
        "/etc/passwd",
        "asset:../../../etc/passwd",
        "asset:/etc/passwd",
        "asset:sub/words.npz",
        "asset:..",
        "link.npy",
        "folder/tokens.npy",
        "chain.npy",
        "loop.npy",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_nothing_of_another_folder_is_looked_at_before_it_is_allowed(
    near, far, touched
):
    (near / "link.npy").symlink_to(far / "tokens.npy")
    (near / "folder").symlink_to(far)
    (near / "second.npy").symlink_to("../far/tokens.npy")
    (near / "chain.npy").symlink_to("second.npy")
    (near / "loop.npy").symlink_to("loop.npy")
    for name in foreign_names(near, far):
        file = scenario_file(near, name)
        touched.clear()
        with pytest.raises(ForeignFilesError) as caught:
            open_run(file)
        assert caught.value.names == (name,)
        assert caught.value.file == "scenario.json"
        looked = [
            p for p in touched if "far" in p or "etc/passwd" in p or "server" in p
        ]
        assert looked == [], name


def test_the_answer_is_the_same_whether_the_file_exists(near, far):
    texts = set()
    for name in ("tokens.npy", "nothing.npy", "."):
        with pytest.raises(ForeignFilesError) as caught:
            open_run(scenario_file(near, str(far / name)))
        texts.add(str(caught.value).replace(str(far / name), "…"))
    assert len(texts) == 1
    assert "--allow-files" in texts.pop()


def test_every_place_that_names_a_file_is_asked_about(near, far):
    file = near / "scenario.json"
    name = str(far / "m.npy")
    part = {"kind": "file", "path": name}
    for data in (
        {"dynamics": {"kind": "softmax", "heads": {"value": part}}},
        {"schedule": [{"t": 1, "set": {"dynamics.heads.value.path": name}}]},
        {"schedule": [{"t": 1, "set": {"dynamics.heads.value": part}}]},
        {"schedule": [{"t": 1, "set": {"dynamics": {"a": [{"b": part}]}}}]},
    ):
        file.write_text(json.dumps({"format": 1, **data}), encoding="utf-8")
        with pytest.raises(ForeignFilesError):
            open_run(file)


@pytest.mark.parametrize("name", ["tokens.npy", "./tokens.npy", "absolute", "link.npy"])
def test_files_of_its_own_folder_are_read(near, name):
    if name == "link.npy":
        try:
            (near / name).symlink_to("tokens.npy")
        except OSError:
            pytest.skip("links need a privilege")
    place = str(near / "tokens.npy") if name == "absolute" else name
    assert open_run(scenario_file(near, place)).start.tokens == 4


def test_a_name_is_never_looked_up_where_the_program_runs(near, far, monkeypatch):
    monkeypatch.chdir(far)
    (near / "tokens.npy").unlink()
    with pytest.raises(ValueError, match="there is no such file"):
        open_run(scenario_file(near, "tokens.npy"))


def test_allowed_files_are_read(near, far):
    file = scenario_file(near, "../far/tokens.npy")
    assert open_run(file, allow_files=True).start.tokens == 4
    assert open_scenario(file, allow_files=True).dimension == 5
    assert Scenario.load(file, allow_files=True).tokens == 4


def test_the_command_line_says_how_to_allow(near, far, capsys):
    file = str(scenario_file(near, "../far/tokens.npy"))
    for command in ("run", "check", "list"):
        assert main([command, file]) == 2
        error = capsys.readouterr().err
        assert "scenario.json names files outside its own folder" in error
        assert "--allow-files" in error
        assert len(error.splitlines()) == 1
    assert main(["run", file, "--allow-files", "--backend", "numpy"]) == 0
    table = str(far / "tokens.npy")
    mine = scenario_file(near, "tokens.npy")
    assert main(["run", str(mine), "--set", f"initial.path={table}"]) == 0


def test_a_run_from_standard_input_is_in_the_present_folder(
    near, far, monkeypatch, capsys
):
    monkeypatch.chdir(near)
    text = scenario_file(near, "tokens.npy").read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert open_run("-").start.tokens == 4
    monkeypatch.setattr("sys.stdin", io.StringIO(text.replace("tokens", "../x")))
    with pytest.raises(ForeignFilesError, match="standard input names files outside"):
        open_run("-")


# Changes since


def test_a_changed_file_is_one_warning(near):
    np.save(near / "m.npy", np.eye(5))
    start = edit(
        Scenario(duration=0.2),
        {
            **START,
            "initial.path": str(near / "tokens.npy"),
            "dynamics.heads.value": "file",
            "dynamics.heads.value.path": str(near / "m.npy"),
        },
    )
    file = near / "run.json"
    save_run(Run(start), file)
    data = json.loads(file.read_text())
    assert data["initial"]["path"] == "tokens.npy"
    assert set(data["files"]) == {"tokens.npy", "m.npy"}
    assert all(set(entry) == {"sha256", "size"} for entry in data["files"].values())
    assert open_run(file).start == start
    for name in ("tokens", "m"):
        np.save(near / f"{name}.npy", 2 * np.eye(5))
    with pytest.warns(ChangedFilesWarning) as caught:
        assert open_run(file).start == start
    assert len(caught) == 1
    assert "m.npy" in str(caught[0].message)
    assert "tokens.npy" in str(caught[0].message)
    reports = []
    open_run(file, report=reports.append)
    assert len(reports) == 1


def test_the_command_line_reports_a_changed_file(near, capsys):
    file = near / "run.json"
    start = {**START, "initial.path": str(near / "tokens.npy")}
    save_run(Run(edit(Scenario(duration=0.2), start)), file)
    np.save(near / "tokens.npy", 2 * np.eye(5))
    assert main(["run", str(file)]) == 0
    error = capsys.readouterr().err
    assert error.startswith("orrery: run.json: tokens.npy has changed since")
    assert len(error.splitlines()) == 1


def test_a_damaged_copy_is_refused(near, far):
    start = {**START, "initial.path": str(near / "tokens.npy")}
    file = far / "run.json"
    save_run(Run(edit(Scenario(), start)), file)
    data = json.loads(file.read_text())
    entry = data["files"]["tokens.npy"]
    other = Entry.of(b"something else").plain()
    for bad in (
        {**entry, "base64": other.get("base64") or "AAAA"},
        {**entry, "base64": "no code"},
        {**entry, "base64": 7},
        {**entry, "size": entry["size"] + 1},
        {**entry, "text": "\ud800"},
        {**entry, "size": "many"},
        {**entry, "sha256": "0" * 63},
        {"size": 3},
        [],
    ):
        data["files"]["tokens.npy"] = bad
        file.write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(ValueError, match=r"run\.json: files: .*tokens\.npy"):
            open_run(file)


@pytest.mark.parametrize(
    "name",
    ["../../evil.csv", "a/b/c.csv", "CON.csv", "nul", "..", "", "x" * 300, "a:b"],
)
def test_what_travels_is_put_into_a_folder_of_its_own(name):
    entry = Entry.of(f"content of {name}".encode())
    file = extracted(name, entry)
    assert is_extracted(file)
    assert file.read_bytes() == entry.content
    assert file.parent.name == entry.sha256
    assert extracted(name, entry) == file
    assert len(file.name) <= 81


def test_two_files_of_one_name_stay_two(near, far, tmp_path):
    np.save(far / "tokens.npy", 3 * np.eye(5))
    data = {
        "dynamics.heads.value": "file",
        "dynamics.heads.value.path": str(far / "tokens.npy"),
    }
    start = {**START, "initial.path": str(near / "tokens.npy"), **data}
    run = Run(
        edit(Scenario(), start),
        (Change(1, {"dynamics.heads.value.path": str(near / "tokens.npy")}),),
    )
    (tmp_path / "saved").mkdir()
    file = tmp_path / "saved" / "run.json"
    save_run(run, file)
    again = open_run(file)
    places = {
        "first": again.start.initial.path,
        "second": again.start.dynamics.heads.value.path,
        "third": again.at(1.0).dynamics.heads.value.path,
    }
    wanted = {"first": near, "second": far, "third": near}
    for key, folder in wanted.items():
        content = Path(places[key]).read_bytes()
        assert content == (folder / "tokens.npy").read_bytes()


@pytest.mark.parametrize(
    ("place", "folder", "name"),
    [
        ("/home/ann/data/x.npy", "/home/ann/runs", "../data/x.npy"),
        ("/home/ann/x.npy", "/home/ann/a/b", "../../x.npy"),
        ("/home/ann/data/x.npy", "/srv/runs", "~/data/x.npy"),
        ("/srv/data/x.npy", "/home/ann/runs", "/srv/data/x.npy"),
        ("/srv/data/x.npy", "/srv/runs", "../data/x.npy"),
        ("/srv/data/x.npy", "/tmp/runs", "/srv/data/x.npy"),
        ("/home/bob/x.npy", "/home/ann/runs", "x.npy"),
        ("/root/x.npy", "/home/ann/runs", "x.npy"),
        ("/run/media/ann/disk/x.npy", "/home/ann/runs", "x.npy"),
        ("/scratch/ann/x.npy", "/home/ann/runs", "x.npy"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
def test_a_large_file_is_named_so_that_it_opens_again_and_shows_no_home(
    place, folder, name
):
    home = Path("/home/ann")
    assert reference(Path(place), Path(folder), Path("/")) != f"~/{place[1:]}"
    assert reference(Path(place), Path(folder), home) == name
    assert "ann" not in name and "bob" not in name
    if name != "x.npy":
        found = Path(name.replace("~", str(home)))
        assert os.path.normpath(Path(folder) / found) == place


def test_an_author_opens_a_run_again_that_names_a_file_of_another_disk(
    tmp_path, monkeypatch
):
    """A file at a path that has nothing in common with the run's folder."""
    for name in ("runs", "data"):
        (tmp_path / name).mkdir()
    table = tmp_path / "data" / "large.npy"
    np.save(table, np.ones((IN_MEDIA // 24 + 9, 3)))
    scenario = edit(Scenario(), {**START, "initial.path": str(table)})
    kept = tmp_path / "runs" / "run.json"
    monkeypatch.setattr(packing, "HOMES", ())
    monkeypatch.setattr(packing, "_home", lambda: Path("/nowhere/ann"))
    monkeypatch.setattr(
        packing.os.path, "commonpath", lambda paths: os.path.abspath(os.sep)
    )
    scenario.save(kept)
    monkeypatch.undo()
    assert json.loads(kept.read_text())["initial"]["path"] == str(table)
    with pytest.raises(ForeignFilesError, match=r"large\.npy"):
        open_scenario(kept)
    assert open_scenario(kept, allow_files=True) == scenario


def test_names_are_found_wherever_they_are():
    data = {"path": "a", "x": [{"y.path": "b", "path": 7}], "pathos": "c", "z": ("d",)}
    assert names_in(data) == ("a", "b")
    assert unpacked([1, 2], Path()).data == [1, 2]


def test_data_made_here_are_taken_as_they_are(far):
    run = Run(edit(Scenario(), {**START, "initial.path": str(far / "tokens.npy")}))
    from sim.schedule_file import plain_run

    assert run_from_plain(plain_run(run)) == run
    with pytest.raises(ForeignFilesError):
        run_from_plain(plain_run(run), far.parent / "near")


@pytest.mark.slow
def test_an_archive_that_expands_does_not_travel(near, far):
    table = near / "wide.npz"
    np.savez_compressed(table, tokens=np.ones((MAX_EXPANDED // 24 + 9, 3)))
    assert table.stat().st_size < IN_MEDIA
    run = Run(edit(Scenario(), {**START, "initial.path": str(table)}))
    file = far / "run.json"
    save_run(run, file)
    entry = json.loads(file.read_text())["files"]["../near/wide.npz"]
    assert set(entry) == {"sha256", "size"}
    assert open_run(file, allow_files=True) == run
    data = json.loads(file.read_text())
    data["initial"]["path"] = "wide.npz"
    data["files"] = {"wide.npz": Entry.of(table.read_bytes()).plain()}
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match=r"wide\.npz have more than 16,777,216 bytes"):
        open_run(file)
