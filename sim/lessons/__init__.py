"""Lessons: cues in a Markdown file, each with a run, words, and checks of its claims.

May import simulations, lanes, labs, the reading of runs, and what is below them.
"""

from sim.lessons.checking import CheckResult, answer_of, check_cue
from sim.lessons.cue import Cue, Lesson
from sim.lessons.faults import Fault
from sim.lessons.files import lesson_file, read_lesson, shipped_lessons

__all__ = [
    "CheckResult",
    "Cue",
    "Fault",
    "Lesson",
    "answer_of",
    "check_cue",
    "lesson_file",
    "read_lesson",
    "shipped_lessons",
]
