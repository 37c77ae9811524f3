"""Lessons are read line by line; what is wrong is said, and the rest still plays."""

from pathlib import Path

import pytest

from sim.cli.lesson import check_lesson
from sim.lessons import check_cue, lesson_file, read_lesson
from sim.lessons.expression import CueExpression, read
from sim.lessons.parser import parsed_lesson

FRONT = "---\ntitle: A lesson\nnumber: 7\n---\n\n"
GOOD = """## One cluster

```cue
preset: collapse
set: tokens=6 step=0.2
until: 12
question: How many clusters are left?
answer: {clusters(12)} of {n}
check: clusters(12) == 1
check: rises(f_hat)
```

What the audience
reads.

> Notes.
"""


def lesson(body, tmp_path=Path()):
    return parsed_lesson(FRONT + body, tmp_path / "a.md")


def test_a_cue_is_read_and_checked():
    made = lesson(GOOD)
    assert not made.faults
    (cue,) = made.cues
    assert (made.title, made.number, cue.line) == ("A lesson", 7, 6)
    assert (cue.title, cue.text, cue.notes) == (
        "One cluster",
        "What the audience reads.",
        "Notes.",
    )
    results, answer = check_cue(cue)
    assert [r.holds for r in results] == [True, True]
    assert answer == "1 of 6"


def test_an_altered_number_fails(capsys):
    altered = lesson(GOOD.replace("== 1", "== 2"))
    assert check_lesson(altered) == 1
    assert "FAILS: clusters(12) == 2 (clusters(12) = 1)" in capsys.readouterr().out
    assert check_lesson(lesson(GOOD)) == 0


BROKEN = [
    ("preset: colapse", 6, "Did you mean 'collapse'"),
    ("preset: collapse\nuntli: 3", 10, "Did you mean 'until'"),
    ("change: 5", 9, "change: is used as T PATH=VALUE"),
    ("change: 99 dynamics.beta=3", 6, "after the end of the run"),
    ("set: dynamics.bta=3", 6, "bta"),
    ("set: dynamics.beta=many", 6, "many"),
    ("check: clusters(1) = 1", 9, "no expression"),
    ("check: __import__('os')", 9, "no function or observable '__import__'"),
    ("check: (1).__class__", 9, "is not understood"),
    ("check: clustrs(1) == 1", 9, "Did you mean 'clusters'"),
    ("question: How many?", 6, "a question needs answer:"),
    ("curve: clustrs", 9, "Did you mean 'clusters'"),
    ("until: soon", 9, "must be a number"),
    ("lab: look", 6, "look"),
    ("large: maybe", 9, "is yes or no"),
    ("answer: seven", 6, "typed, not computed"),
]


@pytest.mark.parametrize(("block", "line", "said"), BROKEN)
def test_faults_name_the_line_and_the_rest_plays(block, line, said):
    made = lesson(f"## Broken\n\n```cue\n{block}\n```\n\nText.\n\n{GOOD}")
    assert [cue.title for cue in made.cues] == ["Broken", "One cluster"]
    assert any(f.line == line and said in str(f) for f in made.faults), made.faults
    assert all(str(f).startswith("a.md, line ") for f in made.faults)
    assert not [f for f in made.faults if f.line > 15]
    assert made.cues[1].comparison.first.start.tokens == 6


def test_pictures_front_matter_and_ends(tmp_path):
    (tmp_path / "there.png").write_bytes(b"")
    made = lesson("## A\n\n![x](there.png)\n\n## B\n\n![x](gone.png)\n", tmp_path)
    assert made.cues[0].picture == tmp_path / "there.png"
    (fault,) = made.faults
    assert fault.line == 12
    assert "no picture 'gone.png'" in fault.text
    assert "front matter" in parsed_lesson("## A\n", Path("a.md")).faults[0].text
    assert "no end" in lesson("## A\n\n```cue\npreset: collapse\n").faults[0].text
    empty = tmp_path / "b.md"
    empty.write_text("no lesson")
    with pytest.raises(ValueError, match="there is none"):
        read_lesson(empty)
    assert lesson_file("nothing") is None


class Numbers:
    def number(self, name):
        return {"n": 4.0, "end": 10.0}[name]

    def value(self, name, args):
        return sum(args)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 ** 2", 19),
        ("n / 2 < 3 <= n", True),
        ("not (n == 4)", False),
        ("near(1, 1.05, 0.1) and abs(-2) == 2", True),
        ("energy(1, 2) - min(3, 4)", 0),
        ("-n + end", 6.0),
    ],
)
def test_expressions(text, value):
    assert read(text).value(Numbers()) == value


def test_tokens_lanes_and_labs():
    body = """## Two

```cue
preset: causal
set: tokens=5 duration=1
compare: dynamics.beta=1,4
check: moved(1, 1) == 0
check: moved(2, 1, 1) != moved(2, 1, 2)
check: near(length(3, 1), 1, 1e-6)
check: cosine(1, 2, 1) > cosine(1, 2, 0)
check: weight(1, 1, 0) == 1
check: weight(1, 3, 0) == 0
```

## Lab

```cue
lab: look-up
check: near(bar("weights", 5), 0.84, 0.005)
check: near(total("weights"), 1, 1e-12)
```
"""
    made = lesson(body)
    assert not made.faults
    for cue in made.cues:
        results, _ = check_cue(cue)
        assert results
        assert all(r.holds for r in results), results
    missing = lesson(body.replace('"weights", 5', '"wights", 5'))
    with pytest.raises(ValueError, match="Did you mean 'weights'"):
        check_cue(missing.cues[1])
    with pytest.raises(ValueError, match="no function"):
        CueExpression("open('x')").value(Numbers())
