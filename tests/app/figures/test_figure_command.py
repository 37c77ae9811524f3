"""`orrery figure`: every kind of figure from a file, and what it refuses."""

from __future__ import annotations

import re

import pytest
from helpers.checkpoints import TINY

from app.__main__ import main
from app.document.provenance import embedded_document
from app.figure_command import OF_ALL_LANES, OF_MODEL, WHAT
from app.figure_file import KINDS
from app.figures.caption import run_caption
from sim import Change, Run, Scenario


@pytest.fixture
def scenario(tmp_path):
    file = tmp_path / "run.json"
    file.write_text('{"format": 1, "tokens": 12, "duration": 2.0, "step": 0.1}')
    return str(file)


def test_the_command_lists_what_there_is():
    assert set(WHAT) == set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("what", WHAT)
def test_every_kind_is_drawn(scenario, tmp_path, what, capsys):
    out = tmp_path / "fig.svg"
    run = [scenario, "--set", "dynamics=bracket"] if what == "modes" else [scenario]
    if what in OF_MODEL:
        run = ["--text", "the bank of the river", "--model", str(TINY)]
    command = ["figure", *run, "--at", "1.5", "--what", what]
    assert main([*command, "--width", "100", "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"wrote {out}\n"
    svg = out.read_text(encoding="utf-8")
    assert '<svg width="100mm"' in svg
    assert ("<image" in svg) == (what in ("globe", "matrix", "gram", "heads"))
    assert "seed" in svg  # of the caption


@pytest.mark.parametrize("what", OF_MODEL)
def test_figures_of_a_model_need_a_sentence(scenario, tmp_path, what, capsys):
    command = ["figure", scenario, "--at", "0.1", "--what", what]
    assert main([*command, "-o", str(tmp_path / "a.svg")]) == 2
    assert (
        f"--what {what}: it needs a sentence; give --text." in capsys.readouterr().err
    )


@pytest.mark.slow
@pytest.mark.parametrize("what", OF_ALL_LANES)
def test_all_lanes_are_in_one_figure(scenario, tmp_path, what, capsys):
    out = tmp_path / "pair.svg"
    flags = ["--compare", "dynamics.beta=1,9", "--at", "1.5", "--what", what]
    assert main(["figure", scenario, *flags, "-o", str(out)]) == 0
    assert "the figure is of lane" not in capsys.readouterr().err
    svg = out.read_text(encoding="utf-8")
    assert svg.count("<image") == (2 if what == "globe" else 0)
    assert all(f"β = {beta}: " in svg for beta in (1, 9))  # of the caption
    assert embedded_document(out).comparison.titles == ("β = 1", "β = 9")


def test_the_caption_of_curves_names_the_changes():
    run = Run(
        Scenario(tokens=12, title="A test", duration=9),
        (
            Change(0.0, {"dynamics.beta": 9.0}),
            Change(5.0, {"dynamics.beta": 60.0}),
            Change(6.0, {"dynamics.beta": 2.0}, over=1.5),
            Change(8.0, {"dynamics": "hardmax"}),
        ),
    )
    (whole,) = run_caption(run, 7.0)
    whole = whole.replace("\u00a0", " ")
    assert whole == (
        "A test: Softmax attention (SA), n = 12, d = 3, β = 9, seed 0; "
        "β = 60 from t = 5; β = 2 in 1.5 from t = 6"
    )
    many = [Change(k + 1.0, {"dynamics.beta": k + 0.5}) for k in range(9)]
    assert run_caption(Run(Scenario(), tuple(many)), 20.0)[0].endswith("3 more changes")


def test_changes_in_time_are_marked_and_break_the_curves(scenario, tmp_path):
    out = tmp_path / "fig.svg"
    change = ["--change", "1", "dynamics.beta=2"]
    curve = ["--curve", "f_hat", "--no-caption"]
    assert main(["figure", scenario, *change, *curve, "-o", str(out)]) == 0
    svg = out.read_text(encoding="utf-8")
    assert re.search(r">β = 2<|>β<", svg)
    assert svg.count('stroke="#8a5a00"') >= 2
    assert "seed" not in svg.partition("<defs>")[2]


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_a_figure_opens_as_the_run_that_it_shows(scenario, tmp_path, suffix):
    out = tmp_path / f"fig{suffix}"
    change = ["--change", "1", "dynamics.beta=2"]
    title = ["--set", "title=a <b> & 'c' \U0001d6fd"]
    flags = ["--at", "1.5", "--dpi", "72", "-o", str(out)]
    assert main(["figure", scenario, *title, *change, *flags]) == 0
    again = embedded_document(out)
    assert again.moment.t == 1.5
    assert again.run.start.title == "a <b> & 'c' \U0001d6fd"
    assert [change.t for change in again.run.changes] == [1.0]
    assert again.run.at(2.0).dynamics.beta == 2.0


def test_an_svg_of_another_program_holds_no_run(tmp_path):
    other = tmp_path / "a.svg"
    other.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert embedded_document(other) is None
    other.write_text("not a picture")
    with pytest.raises(ValueError, match="not an SVG that can be read here"):
        embedded_document(other)


def test_a_pdf_of_another_program_or_a_damaged_one_is_no_run(scenario, tmp_path):
    other = tmp_path / "a.pdf"
    other.write_bytes(b"%PDF-1.4\n%%EOF\n")
    assert embedded_document(other) is None
    other.write_bytes(b"no PDF")
    with pytest.raises(ValueError, match="not a PDF that can be read here"):
        embedded_document(other)
    flags = ("--at", "0.1", "--force", "-o", str(other))
    assert main(["figure", scenario, *flags]) == 0
    whole = other.read_bytes()
    packed = whole.rfind(b"stream\n", 0, whole.rfind(b"/Filespec")) - 40
    other.write_bytes(whole[:packed] + b"\0" * 20 + whole[packed + 20 :])
    with pytest.raises(ValueError, match="damaged"):
        embedded_document(other)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["-o", "a.bmp"], r"a\.bmp: figures are written to \.svg, \.pdf, \.png"),
        (["-o", "a.svg", "--width", "0"], r"width .* in \[30, 600\] mm, got 0"),
        (["-o", "a.svg", "--at", "-1"], "--at must be 0 or later, got -1"),
        (["-o", "a.svg", "--curve", "mass"], "no observable 'mass'; there are"),
        (["-o", "a.svg", "--what", "modes"], "--what modes: this law has no graph"),
        (["-o", "a.png", "--dpi", "9"], r"dpi must be in \[72, 1200\], got 9"),
        (["-o", "no/a.svg"], "cannot write no/a.svg"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    scenario, tmp_path, flags, message, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["figure", scenario, *flags]) == 2
    said = capsys.readouterr().err
    assert re.search(message, said)
    assert said.count("\n") == 1
    assert not list(tmp_path.glob("**/a.*"))
