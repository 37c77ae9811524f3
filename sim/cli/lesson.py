"""``lesson``: lists lessons, and checks that what one says is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.cli.parser import Parser
    from sim.lessons import Cue, Fault, Lesson

    MoreFaults = Callable[[Lesson], list[Fault]]

FAILED = 1  # exit code


def add_lesson(parser: Parser) -> None:
    """Describe `lesson`."""
    parser.add_argument(
        "file",
        nargs="?",
        help="a lesson: its number or name, or a Markdown file; without it, lists all",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="play every cue without a window, and evaluate its checks",
    )
    parser.add_argument(
        "--handout",
        metavar="FILE",
        help="write a PDF with the words and a picture of every cue",
    )
    parser.add_argument(
        "--observables",
        action="store_true",
        help="list what checks and curves of a cue may name",
    )
    parser.show_examples(
        "orrery lesson",
        "orrery lesson 3",
        "orrery lesson 3 --check",
        "orrery lesson my_lesson.md --handout my_lesson.pdf",
    )


def found_lesson(name: str) -> Lesson:
    """Return the lesson of a file, number or name.

    Raises
    ------
    ValueError, OSError
        If there is none, or it cannot be read.
    """
    from sim.lessons import lesson_file, read_lesson
    from sim.lessons.files import lesson_paths
    from sim.settings.near_misses import did_you_mean

    path = lesson_file(name)
    if path is None:
        known = lesson_paths()
        raise ValueError(
            f"there is no lesson {name!r}.{did_you_mean(name, known)} Known are "
            f"{', '.join(known)}, and Markdown files (.md)."
        )
    return read_lesson(path)


def print_lessons() -> None:
    """Print number, title and summary of every shipped lesson."""
    from sim.lessons import shipped_lessons

    for lesson in shipped_lessons():
        print(f"{lesson.number:<3} {lesson.title}: {lesson.summary}")


def print_observables() -> None:
    """Print what checks may name."""
    from sim.lessons.expression import PARAMETERS
    from sim.observables import Observable

    for kind, member in Observable.kinds().items():
        print(f"{kind}(time, lane)".ljust(30), member.formula)
    for form in PARAMETERS.values():
        print(form)


def check_lesson(lesson: Lesson, more: MoreFaults | None = None) -> int:
    """Print faults, and the result of every check; return the exit code.

    `more` finds faults that only a window knows.
    """
    from sim.lessons import Fault

    faults = [*lesson.faults, *(more(lesson) if more else ())]
    failed = count = 0
    for number, cue in enumerate(lesson.cues, 1):
        print(f"{number:>2}  {cue.title}")
        try:
            results = _checked(cue)
        except (KeyError, ValueError, OSError, ArithmeticError) as error:
            text = f"not checked: {error.args[0] if error.args else error}"
            faults.append(Fault(lesson.path.name, cue.line, text))
            continue
        count += len(results)
        failed += sum(not holds for holds, _ in results)
        for _, line in results:
            print(f"    {line}")
    for fault in faults:
        print(fault)
    print(
        f"{lesson.title}: {len(lesson.cues)} cues, {count} checks, {failed} failed, "
        f"{len(faults)} faults."
    )
    return FAILED if failed or faults else 0


def _checked(cue: Cue) -> list[tuple[bool, str]]:
    from sim.lessons import check_cue

    results, answer = check_cue(cue)
    lines = [(r.holds, str(r)) for r in results]
    return [*lines, (True, f"answer: {answer}")] if answer else lines
