"""The command line: what a person types, and what comes back."""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from helpers.children import started
from helpers.paths import ROOT
from helpers.waiting import LONG, until

from app.__main__ import COMMANDS, main, parser_of
from sim.cli import progress
from sim.io import limits
from sim.scenario import Scenario

SHORT = ["--set", "tokens=8", "--set", "duration=0.5"]


def orrery(*args, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "app", *args],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def refused(capsys, *args):
    assert main([*args]) == 2
    out, err = capsys.readouterr()
    lines = err.strip().splitlines()
    assert not out and len(lines) == 1, (out, err)
    return lines[0]


def test_a_run_leaves_three_files(tmp_path, capsys):
    assert main(["run", *SHORT, "-o", str(tmp_path / "out")]) == 0
    files = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert files == ["observables.csv", "scenario.json", "trajectory.csv"]
    assert Scenario.load(tmp_path / "out" / "scenario.json").tokens == 8
    lines = (tmp_path / "out" / "observables.csv").read_text().splitlines()
    rows = list(csv.DictReader(row for row in lines if not row.startswith("#")))
    assert float(rows[-1]["t"]) == pytest.approx(0.5)
    assert "f_hat" in capsys.readouterr().out


@pytest.mark.slow
def test_both_front_doors_write_the_same_bytes(tmp_path):
    for door in ("app", "sim"):
        out = str(tmp_path / door)
        done = subprocess.run(
            [sys.executable, "-m", door, "run", *SHORT, "-o", out],
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0
    for name in ("observables.csv", "trajectory.csv", "scenario.json"):
        one, two = (tmp_path / door / name for door in ("app", "sim"))
        assert one.read_bytes() == two.read_bytes()


def test_an_export_is_a_scenario_again(tmp_path, capsys):
    main(["run", *SHORT, "--set", "dynamics.beta=9", "-o", str(tmp_path / "a")])
    main(["run", str(tmp_path / "a" / "trajectory.csv"), "-o", str(tmp_path / "b")])
    one, two = (tmp_path / k / "trajectory.csv" for k in "ab")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
def test_a_scenario_comes_through_standard_input(tmp_path):
    text = '{"format": 1, "tokens": 5, "duration": 0.1}'
    done = orrery("run", "-", "-o", str(tmp_path / "out"), stdin=text)
    assert done.returncode == 0, done.stderr
    assert Scenario.load(tmp_path / "out" / "scenario.json").tokens == 5


def test_a_table_of_embeddings_runs(tmp_path, capsys):
    table = tmp_path / "mine.csv"
    table.write_text("word,a,b,c\nred,1,0,0.5\nblue,0,1,0.25\ngreen,1,1,-1\n")
    flags = ["--set", "duration=0.2", "-o", str(tmp_path / "out")]
    assert main(["run", str(table), *flags]) == 0
    found = Scenario.load(tmp_path / "out" / "scenario.json")
    assert (found.tokens, found.dimension) == (3, 3)
    assert "red" in (tmp_path / "out" / "trajectory.csv").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("dynamics.beta=999999", "beta (β) must be in [-64, 100000], got 999999."),
        ("dynamics.beta=hot", "beta (β) must be a number, got 'hot'."),
        ("dynamics.bta=1", "no setting 'dynamics.bta'"),
        ("dynamics=softmx", "no kind 'softmx'; there are"),
        ("tokens=0", "tokens (n) must be in [1, "),
        ("tokens=2.5", "tokens (n) must be"),
        ("dimension=1", "dimension (d) must be in [2, "),
        ("step=nan", "step (h) must be in"),
        ("dynamics.beta", "--set needs PATH=VALUE"),
    ],
)
def test_a_wrong_setting_is_one_line(capsys, change, words):
    assert words in refused(capsys, "run", "--set", change)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 9}', "newer than"),
        ('{"format": 1, "tokns": 3}', "no setting 'tokns'"),
        ('{"format": 1, "tokens": "three"}', "must be a whole number, got 'three'"),
        ('{"tokens": 3}', "format must be 1"),
        ("tokens: 3", "not a scenario"),
        ("[]", "not a scenario"),
    ],
)
def test_a_wrong_file_is_one_line(capsys, tmp_path, text, words):
    path = tmp_path / "bad.json"
    path.write_text(text)
    line = refused(capsys, "run", str(path))
    assert words in line and "bad.json" in line


def test_a_missing_file_is_one_line(capsys):
    assert "no such file" in refused(capsys, "run", "nowhere.json")


def test_a_folder_that_cannot_be_written_is_one_line(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    line = refused(capsys, "run", *SHORT, "-o", str(tmp_path / "file" / "out"))
    assert "cannot write" in line


@pytest.mark.parametrize("name", ["run.csv", "run.MP4", "beta=2.5.json"])
def test_a_folder_is_not_named_like_a_file(capsys, tmp_path, name):
    line = refused(capsys, "run", *SHORT, "-o", str(tmp_path / name))
    assert "Give a folder, such as" in line and not any(tmp_path.iterdir())


def test_a_gpu_that_is_not_there_is_one_line(capsys):
    assert "Use numpy" in refused(capsys, "run", *SHORT, "--backend", "cupy")
    assert "auto, numpy, cupy" in refused(capsys, "run", *SHORT, "--backend", "cuda")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has no display")
def test_no_display_is_one_line(capsys, monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    line = refused(capsys)
    assert "no display" in line and "orrery render" in line


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["-o", "x.mp4", "--size", "641x480"], "width must be even, got 641"),
        (["-o", "x.mp4", "--size", "big"], "--size must be WIDTHxHEIGHT"),
        (["-o", "x.mp4", "--size", "10x10"], "must be in [64, 7680]"),
        (["-o", "x.mp4", "--fps", "0"], "frames per second must be in"),
        (["-o", "x.mp4", "--seconds", "-1"], "seconds must be above 0"),
        (["-o", "x.avi", "--at", "1"], "written to"),
        (["-o", "x.png", "--at", "-1"], "--at must be 0 or later"),
    ],
)
def test_a_wrong_render_is_one_line(capsys, tmp_path, monkeypatch, flags, words):
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, "render", *SHORT, *flags)
    assert not os.listdir(tmp_path)


def test_tokens_that_run_away_are_reported_in_a_line(capsys, tmp_path):
    away = ["space=flat", "dynamics.heads.value.scale=4", "step=2", "duration=600"]
    flags = [part for change in ("tokens=4", *away) for part in ("--set", change)]
    assert main(["run", *flags, "-o", str(tmp_path / "out")]) == 2
    *_, line = (
        capsys.readouterr().err.strip().splitlines()
    )  # after what a slow machine has left to do
    assert "infinite or NaN at t = " in line
    assert "Lower the step" in line
    assert not os.listdir(tmp_path)


def test_a_group_of_the_look_cannot_be_set_whole(capsys):
    line = refused(capsys, "list", "--set", "look.camera=5")
    assert "look.camera: a group of settings; set one" in line
    assert "look.projection: no kind 'pcb'" in refused(
        capsys, "list", "--set", "look.projection=pcb"
    )


def test_a_signal_to_end_reaches_the_caller_again_afterwards(capsys):
    before = signal.getsignal(signal.SIGTERM)
    assert main(["list"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_a_cancelled_run_leaves_nothing(tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "app", "run", "--set", "duration=1e6"]
    with started(*command, "-o", str(out)) as child:
        until(lambda: out.exists() and any(out.iterdir()), "the first files")
        child.send_signal(signal.SIGTERM)
        _, err = child.communicate(timeout=LONG)
    assert child.returncode == 130 and b"stopped" in err
    assert not out.exists()


STUCK = """
import hashlib, sys
from sim.cli.guard import guarded
from sim.io.atomic_write import atomic_write

def stuck():
    with atomic_write(sys.argv[1]):
        print("begun", flush=True)
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 10**9)  # minutes in C

sys.exit(guarded("orrery", stuck))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_a_signal_is_followed_even_within_compiled_code(tmp_path):
    command = [sys.executable, "-c", STUCK, str(tmp_path / "x.csv")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    child = subprocess.Popen(command, cwd=ROOT, **pipes)
    try:
        assert child.stdout.readline() == b"begun\n"
        time.sleep(0.3)  # until it is in C, where no handler runs
        begun = time.monotonic()
        child.send_signal(signal.SIGTERM)  # a shell may have SIGHUP ignored
        _, err = child.communicate(timeout=LONG)
    finally:
        child.kill()
    assert child.returncode == 130 and b"stopped" in err
    assert time.monotonic() - begun < 10  # 2 s, on a machine that is not busy
    assert not os.listdir(tmp_path)


def test_list_says_range_and_meaning(capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    (line,) = [row for row in out.splitlines() if row.startswith("dynamics.beta ")]
    assert "-64 … 100000" in line and "Inverse temperature" in line
    assert "look.trail" in out


@pytest.mark.slow
def test_doctor_reports_for_people_and_machines(capsys):
    assert main(["doctor"]) == 0
    assert "OpenGL" in capsys.readouterr().out
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "H.264" in found["video"] and found["arrays"].startswith(("numpy", "cupy"))


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0 and "Attention Orrery" in capsys.readouterr().out


# What was meant, and what is there already.


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["run", "--set", "beta=3"], "Did you mean 'dynamics.beta'?"),
        (["run", "--set", "β=3"], "Did you mean 'dynamics.beta'?"),
        (["run", "--set", "dynamcs.beta=3"], "Did you mean 'dynamics.beta'?"),
        (["run", "--set", "dynamics=sofmax"], "Did you mean 'softmax'?"),
        (["run", "--set", "dynamics.gamma=1"], "exists where dynamics is bracket or"),
        (["run", "--set", "dynamics.kind=softmax"], "Did you mean 'dynamics'?"),
        (
            ["run", "--set", "dynamics.beta=9,5"],
            "must be a number, got '9,5'. Write 9.5.",
        ),
        (["run", "metastble"], "Did you mean 'metastable'?"),
        (["list", "dynamics.bta"], "Did you mean 'dynamics.beta'?"),
        (["list", "trail"], "Did you mean 'look.trail'?"),
        (["list", "opning"], "Did you mean 'opening'?"),
        (["figure", "-o", "x.pdf", "--curve", "f_hut"], "Did you mean 'f_hat'?"),
        (["diagram", "sofmax-8", "-o", "x.csv"], "Did you mean 'softmax-8'?"),
        (["diagram", "wrods", "-o", "x.csv"], "Did you mean 'words'?"),
        (["diagram", "none", "-o", "x.csv"], "diagrams are softmax-2, softmax-8, "),
        (["run", "words", "--set", "tokens=5"], "tokens: must be 240, as the start"),
        (["run", "--json", "-o", "-"], "--json and -o - both print."),
        (["run", "-o", ""], "-o is empty."),
        (["run", "nothing"], "a preset that `orrery list presets` prints."),
    ],
)
def test_a_near_miss_is_answered_with_what_was_meant(capsys, args, words):
    assert words in refused(capsys, *args)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["renderr", "x"], "no command 'renderr'; there are run, "),
        (["rnu", "words"], "Did you mean 'run'?"),
        (["nothing", "words"], "no command 'nothing'; there are run, "),
        (["run", "--forse"], "no option '--forse'. Did you mean '--force'?"),
        (["render", "-o", "x.png", "--theme", "drak"], "Did you mean 'dark'?"),
        (["run", "beta=3"], "write --set dynamics.beta=3"),
        (["run", "opening", "beta=3"], "write --set dynamics.beta=3"),
        (["run", "a", "b"], "nothing more was expected, got 'b'"),
        (["render"], "required: -o/--out"),
        (["run", "--every", "two"], "--every must be a whole number, got 'two'."),
        (["render", "--at", "x"], "--at must be a number, got 'x'."),
        (["run", "--change", "5"], "--change needs T PATH=VALUE."),
        (["run", "-o"], "-o/--out needs DIR."),
    ],
)
def test_a_wrong_flag_is_one_line(capsys, args, words):
    with pytest.raises(SystemExit) as stop:
        main(args)
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert stop.value.code == 2 and not out and words in line


def test_presets_are_opened_by_name(tmp_path, capsys):
    (tmp_path / "metastable").mkdir()  # as a folder of its exports may be called
    for name in ("metastable", "metastable.json"):
        assert main(["list", name, "dynamics.beta"]) == 0
    assert main(["run", "metastable", *SHORT, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.rpartition("run\n")[2])["steps"] > 0


def test_presets_are_listed_by_name(capsys):
    assert main(["list", "presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "metastable               Metastable clusters" in lines
    assert main(["list", "presets", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(lines)


@pytest.mark.parametrize("args", [["help"], ["help", "run"]])
def test_help_is_a_command_as_well(capsys, args):
    with pytest.raises(SystemExit) as stop:
        main(args)
    usage = " ".join(["usage: orrery", *args[1:]])
    assert stop.value.code == 0 and capsys.readouterr().out.startswith(usage)


def test_without_a_file_every_command_takes_what_the_window_opens(capsys):
    assert main(["run", *SHORT, "--json"]) == 0
    plain = capsys.readouterr().out
    assert main(["run", "opening", *SHORT, "--json"]) == 0
    assert capsys.readouterr().out == plain


def test_a_seed_is_a_setting(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["run", *SHORT, "--seed", "7", "-o", str(out)]) == 0
    assert Scenario.load(out / "scenario.json").seed == 7


def test_one_setting_is_shown_with_where_it_is_used(capsys):
    assert main(["list", "dynamics.beta"]) == 0
    out = capsys.readouterr().out
    for words in ("(β)", "Inverse temperature", "range", "default", "used", "softmax"):
        assert words in out
    assert main(["list", "dynamics.beta", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["path"] == "dynamics.beta" and row["lo"] < row["value"] < row["hi"]


def test_a_file_that_exists_is_replaced_only_by_force(tmp_path, capsys):
    out = str(tmp_path / "out")
    assert main(["run", *SHORT, "--seed", "1", "-o", out]) == 0
    kept = (tmp_path / "out" / "trajectory.csv").read_bytes()
    capsys.readouterr()
    line = refused(capsys, "run", *SHORT, "--seed", "2", "-o", out)
    assert "exist" in line and "--force" in line
    assert (tmp_path / "out" / "trajectory.csv").read_bytes() == kept
    assert main(["run", *SHORT, "--seed", "2", "-o", out, "--force"]) == 0
    assert (tmp_path / "out" / "trajectory.csv").read_bytes() != kept


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 2), ("", 2)])
def test_on_a_terminal_it_is_asked(tmp_path, capsys, monkeypatch, answer, code):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    (tmp_path / "observables.csv").write_text("kept")
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["run", *SHORT, "-o", str(tmp_path)]) == code
    assert "Replace? [y/N]" in capsys.readouterr().err
    kept = (tmp_path / "observables.csv").read_text() == "kept"
    assert kept == bool(code)


def test_a_dash_is_standard_output_and_a_tilde_is_home(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["run", *SHORT, "-o", "~/out"]) == 0
    capsys.readouterr()
    assert main(["run", "~/out/scenario.json", "-o", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    wanted = (tmp_path / "out" / "observables.csv").read_text().splitlines()
    assert lines == wanted
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert "no such user" in refused(capsys, "run", *SHORT, "-o", "~nobody_here/x")


def test_a_check_takes_changes_and_speaks_json(capsys):
    flags = ["--at", "1", "--change", "0.5", "dynamics.beta=60", "--json"]
    assert main(["check", *SHORT, "--set", "duration=2", *flags]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all(c["holds"] for c in found) and {"name", "value", "bound"} <= set(
        found[0]
    )
    assert "--at must be 0 or later" in refused(capsys, "check", "--at", "-1")


@pytest.mark.parametrize("command", [[], *([c] for c in COMMANDS)])
def test_help_shows_three_examples(capsys, command):
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    examples = capsys.readouterr().out.partition("examples:\n")[2].splitlines()
    assert len(examples) >= 3
    for line in examples:
        words = line.split(">")[0].split()[1:]
        parser = parser_of(words)
        parser.parse_args(words)


# Progress.


def test_what_takes_long_says_how_long(capsys, monkeypatch):
    clock = iter([0.0, 9.5, 10.0, 11.5, 13.5])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.ProgressReport() as said:
        said.show(0.01)  # the first share may take long once
        said.show(0.02)  # too early to say
        said.show(0.04)
        said.show(0.05)  # once is enough where lines stay
    assert capsys.readouterr().err == "4% done, 64 s left\n"


def test_a_long_first_step_is_said_to_be_one(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LONG_S", 0.01)
    with progress.ProgressReport(parts=30_000) as said:
        said.show(0.0)  # the start is written
        until(lambda: said.nothing_done_said, "the line")
    assert "if all of the 30,000 do" in capsys.readouterr().err


def test_a_start_that_takes_long_to_write_is_not_called_a_step(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LONG_S", 0.01)
    with progress.ProgressReport(parts=30_000) as said:
        until(lambda: said.nothing_done_said, "the line")
    assert capsys.readouterr().err == (
        "the start takes longer than 0 s. Ctrl-C stops it.\n"
    )


def test_a_run_too_large_to_be_read_back_is_not_exported(tmp_path, capsys, monkeypatch):
    changes = [{"t": k / 100, "set": {"dynamics.beta": k}} for k in range(40)]
    data = {"format": 1, "tokens": 3, "duration": 1, "schedule": changes}
    path = tmp_path / "many.json"
    path.write_text(json.dumps(data))
    monkeypatch.setattr(limits, "MAX_EMBEDDED_PARTS", 80)
    out = tmp_path / "out"
    line = refused(capsys, "run", str(path), "-o", str(out))
    assert "too large to travel inside an export" in line and ".json" in line
    assert not out.exists()


def test_an_error_in_a_file_that_travels_inside_names_the_file(tmp_path, capsys):
    text = "1,2\n3,4\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    inside = {"m.csv": {"sha256": digest, "size": len(text), "text": text}}
    value = {"kind": "file", "path": "m.csv"}
    law = {"kind": "softmax", "heads": {"value": value}}
    data = {"format": 1, "dimension": 3, "dynamics": law, "files": inside}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data))
    line = refused(capsys, "run", str(path))
    assert "m.csv: the weights must be" in line and "orrery-" not in line


def test_paths_that_are_no_text_and_pictures_on_a_stream_are_refused(capsys):
    assert "not UTF-8" in refused(capsys, "run", *SHORT, "-o", "\udcff/x")
    assert "Give a file" in refused(capsys, "render", *SHORT, "-o", "-")
