"""Exports carry small files of their run, and reopen from any folder."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from app.__main__ import main
from app.document.document import Document
from app.document.moment import Moment
from app.document.provenance import embedded_document
from app.export.encoders import recorder_for
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from sim.io.limits import IN_MEDIA, IN_TABLE
from sim.loading import open_run
from sim.recording.run_folder import record_run
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run

MEDIA = (".mp4", ".webm", ".gif", ".png")
TOKENS, DIMENSION = 6, 3


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder of its own for the sources of a run, in the home of somebody."""
    folder = tmp_path / "home" / "somebody" / "work"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    return folder


@pytest.fixture
def document(home):
    """A run with tokens, matrices, masses and a mask of its own; one comes later."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(TOKENS, DIMENSION))
    lines = [",".join(f"{v:.17g}" for v in row) for row in x]
    (home / "tokens.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("value", "later"):
        np.save(home / f"{name}.npy", rng.normal(size=(DIMENSION, DIMENSION)))
    np.save(home / "masses.npy", rng.uniform(1, 2, TOKENS))
    (home / "mask.csv").write_text("0,1\n1,2\n2,3\n", encoding="utf-8")
    start = edit(
        Scenario(duration=0.5, step=0.1),
        {
            "initial": "file",
            "initial.path": str(home / "tokens.csv"),
            "dynamics.heads.value": "file",
            "dynamics.heads.value.path": str(home / "value.npy"),
            "dynamics.heads.masses": "file",
            "dynamics.heads.masses.path": str(home / "masses.npy"),
            "dynamics.heads.mask": "graph",
            "dynamics.heads.mask.path": str(home / "mask.csv"),
        },
    )
    later = Change(0.3, {"dynamics.heads.value.path": str(home / "later.npy")})
    return Document.of_run(Run(start, (later,)), moment=Moment(0.2, (1,), "spectra"))


def bytes_of(run, folder):
    """Return what a run writes, without the lines that name its files."""
    record_run(run, folder, every=1, backend="numpy")
    return numbers_in(folder)


def numbers_in(folder):
    """Return the tables in a folder, without the lines that name files."""
    return b"".join(
        line
        for name in ("observables.csv", "trajectory.csv")
        for line in (folder / name).read_bytes().splitlines(keepends=True)
        if not line.startswith(b"# scenario")
    )


def moved(path, home, tmp_path):
    """Move an export alone to another folder, and delete its sources."""
    away = tmp_path / "away"
    away.mkdir()
    new = shutil.move(path, away / path.name)
    shutil.rmtree(home)
    return new


@pytest.mark.slow
@pytest.mark.parametrize("suffix", MEDIA)
def test_an_export_moved_alone_gives_the_same_run(document, home, tmp_path, suffix):
    out = home / f"out{suffix}"
    options = RenderOptions((64, 64), fps=10, seconds=0.2, at=0.4, backend="numpy")
    render_file(document, out, options)
    before = bytes_of(document.run, tmp_path / "before")
    out = moved(out, home, tmp_path)
    assert bytes_of(open_run(out), tmp_path / "after") == before
    again = embedded_document(out)
    assert again is not None
    assert again.moment == Moment(0.4 if suffix == ".png" else 0.0, (1,), "spectra")
    assert main(["run", str(out), "-o", str(tmp_path / "cli"), "--every", "1"]) == 0
    assert numbers_in(tmp_path / "cli") == before
    table = embedded_document(tmp_path / "cli" / "trajectory.csv")
    assert table is not None
    assert (table.look, table.moment) == (again.look, again.moment)


@pytest.mark.parametrize("name", ["observables.csv", "layers.npz", "scenario.json"])
def test_a_table_moved_alone_gives_the_same_run(document, home, tmp_path, name):
    folder = tmp_path / "before"
    window = document.window
    record_run(document.run, folder, 1, "numpy", layers=True, window=window)
    before = bytes_of(document.run, tmp_path / "again")
    out = moved(folder / name, home, tmp_path)
    assert bytes_of(open_run(out), tmp_path / "after") == before
    again = embedded_document(out)
    assert again is not None
    assert (again.look, again.moment) == (document.look, document.moment)


@pytest.mark.parametrize("suffix", [*MEDIA, ".csv", ".json"])
def test_no_file_spells_out_a_home(document, home, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    if suffix == ".csv":
        record_run(document.run, tmp_path, backend="numpy")
        out = tmp_path / "trajectory.csv"
    elif suffix == ".json":
        document.save(out)
    else:
        picture = np.zeros((64, 64, 3), np.uint8)
        recorder_for(out).record([picture, picture], out, 10.0, document)
    raw = out.read_bytes()
    assert b"tokens.csv" in raw
    assert b"somebody" not in raw
    assert str(tmp_path).encode() not in raw


NAMES = {
    "below": "data/large.npy",
    "up": "../data/large.npy",
    "elsewhere": "~/work/large.npy",
}


@pytest.mark.parametrize("place", NAMES)
def test_large_files_are_named_by_a_path_that_says_nothing_of_a_home(
    home, tmp_path, place
):
    folders = {"below": home / "data", "up": home.parent / "data", "elsewhere": home}
    folders[place].mkdir(exist_ok=True)
    table = folders[place] / "large.npy"
    np.save(table, np.random.default_rng(0).normal(size=(IN_MEDIA // 24 + 1, 3)))
    start = {"initial": "file", "initial.path": str(table), "initial.limit": 4}
    document = Document(edit(Scenario(duration=0.2), start))
    out = (tmp_path if place == "elsewhere" else home) / "out.png"
    out.parent.mkdir(exist_ok=True)
    recorder_for(out).record([np.zeros((8, 8, 3), np.uint8)], out, 1.0, document)
    raw = out.read_bytes()
    assert f'"path": "{NAMES[place]}"'.encode() in raw
    assert b"somebody" not in raw
    if place != "below":
        with pytest.raises(ValueError, match="outside its own folder"):
            embedded_document(out)
    assert embedded_document(out, allow_files=place != "below") is not None


def test_a_table_carries_less_than_a_picture(home, tmp_path):
    table = home / "out" / "middling.npy"
    table.parent.mkdir()
    np.save(table, np.random.default_rng(0).normal(size=(IN_TABLE // 24 + 1, 3)))
    start = {"initial": "file", "initial.path": str(table), "initial.limit": 4}
    run = Run(edit(Scenario(duration=0.2), start))
    record_run(run, home / "out", backend="numpy", layers=True)
    assert (home / "out" / "trajectory.csv").stat().st_size < IN_TABLE
    moved_table = shutil.move(home / "out" / "trajectory.csv", tmp_path)
    with pytest.raises(ValueError, match=r"middling\.npy .* Put it there"):
        open_run(moved_table)
    archive = shutil.move(home / "out" / "layers.npz", tmp_path)
    assert open_run(archive).start.tokens == 4


@pytest.mark.slow
def test_a_whole_2_mb_travels_in_every_medium(home, tmp_path):
    table = home / "full.npy"
    np.save(table, np.random.default_rng(0).normal(size=((IN_MEDIA - 128) // 24, 3)))
    assert IN_MEDIA - 64 < table.stat().st_size <= IN_MEDIA
    start = {"initial": "file", "initial.path": str(table), "initial.limit": 4}
    document = Document(edit(Scenario(duration=0.2), start))
    table_bytes = table.read_bytes()
    pictures = [np.zeros((64, 64, 3), np.uint8)] * 2
    outs = [tmp_path / f"out{suffix}" for suffix in MEDIA]
    for out in outs:
        recorder_for(out).record(pictures, out, 10.0, document)
    table.unlink()
    for out in outs:
        again = embedded_document(out)
        assert again is not None
        with open(again.scenario.initial.path, "rb") as file:
            assert file.read() == table_bytes


@pytest.mark.parametrize("command", ["run", "check", "list"])
def test_a_changed_source_is_one_line_of_the_command_line(home, capsys, command):
    table = home / "tokens.npy"
    np.save(table, np.eye(4, 3))
    start = {"initial": "file", "initial.path": str(table)}
    Document(edit(Scenario(duration=0.2), start)).save(home / "run.json")
    np.save(table, np.eye(5, 3) + 1)
    assert main([command, str(home / "run.json")]) in (0, 1)
    error = capsys.readouterr().err
    assert error.startswith("orrery: run.json: tokens.npy has changed since")
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "check", "list", "render", "window"])
def test_the_command_line_reads_no_foreign_file(home, tmp_path, capsys, command):
    file = tmp_path / "away" / "run.json"
    file.parent.mkdir()
    initial = {"kind": "file", "path": str(home / "tokens.npy")}
    file.write_text(json.dumps({"format": 1, "initial": initial}), encoding="utf-8")
    flags = ["-o", str(tmp_path / "out.png")] if command == "render" else []
    name = [] if command == "window" else [command]
    assert main([*name, str(file), *flags]) == 2
    error = capsys.readouterr().err
    assert "run.json names files outside its own folder" in error
    assert "add --allow-files" in error
