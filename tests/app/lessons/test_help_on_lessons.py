"""The help page's lesson plays when it is copied, and its keys are those there are."""

import re

import pytest
from helpers.paths import ROOT

from app.lessons.cue_document import look_faults
from sim.labs import Lab
from sim.lessons import check_cue, lesson_file, read_lesson
from sim.lessons.files import lesson_paths
from sim.lessons.parser import KEYS

PAGE = (ROOT / "assets" / "help" / "lessons.md").read_text(encoding="utf-8")
SHIPPED = [lesson_file(name) for name in lesson_paths()]
EXAMPLE = re.search(r"````markdown\n(.*?)````", PAGE, re.S)[1]


@pytest.mark.slow
def test_the_example_plays_and_fails_when_a_number_is_altered(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(EXAMPLE, encoding="utf-8")
    lesson = read_lesson(path)
    assert not lesson.faults
    assert not look_faults(lesson)
    for cue in lesson.cues:
        assert all(r.holds for r in check_cue(cue)[0])
    altered = EXAMPLE.replace("clusters(20) == 1", "clusters(20) == 2")
    path.write_text(altered, encoding="utf-8")
    assert not check_cue(read_lesson(path).cues[1])[0][1].holds


def test_keys_and_labs_of_the_page_are_those_there_are():
    table = PAGE[PAGE.index("## Keys") : PAGE.index("## Checks")]
    named = set(re.findall(r"`([a-z-]+):`", table))
    assert named == set(KEYS)
    rest = PAGE[PAGE.index("## What of") :]
    labs = list(re.findall(r"labs? ([^;|]*)", rest))
    for kind in re.findall(r"\*([a-z-]+)\*", " ".join(labs)):
        assert kind in Lab.kinds(), kind


def test_the_table_of_notes_names_cues_there_are():
    rest = PAGE[PAGE.index("## What of") :]
    texts = {k: path.read_text(encoding="utf-8") for k, path in enumerate(SHIPPED, 1)}
    counts = {number: text.count("\n## ") for number, text in texts.items()}
    named = re.findall(r"lesson (\d+), cues? ([\d–, and]+\d|\d)", rest)
    assert len(named) > 50
    for number, cues in named:
        places = [int(k) for k in re.findall(r"\d+", cues.partition(" and lesson")[0])]
        assert all(1 <= k <= counts[int(number)] for k in places), (number, cues)
    assert {int(number) for number, _ in named} == set(range(1, 9))
    assert len(re.findall(r"^### \d ", rest, re.M)) == 4
    for row in re.findall(r"^\| (?!heading)(?!-).*\|$", rest, re.M):
        where = row.split("|")[2]
        assert re.search(r"lesson|labs? \*|left out: \w", where), row
