"""Commands without a window, `run`, `check` and `list`, for both entry points.

Commands import what they need when they run, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from sim.change_flags import add_change_flag, changes_in_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Mapping, Sequence

    from sim.recording.merge_events import ClusterChange
    from sim.scenario import Scenario
    from sim.schedule import Run

USER_ERRORS = (ValueError, KeyError, OSError, RuntimeError, FloatingPointError)
"""Exceptions whose message is for the user; all others are bugs."""
EXIT_BAD_INPUT = 2  # exit code
MAX_BLAS_THREADS = 4  # more do not speed up products of this size
EXIT_STOPPED = 130  # exit code after Ctrl-C, as in shells
TABLE_ROWS = 13  # that a run prints
EVENTS_PRINTED = 5  # the last merge events of a run
PROGRESS_LINES = 100  # of a whole run, with --progress
TABLE_COLUMNS = (
    "clusters",
    "f_hat",
    "effective",
    "energy",
    "order",
    "mean_cosine",
    "entropy",
    "purity",
)
"""Columns of that table; the CSV has every observable."""


class StoppedError(BaseException):
    """The system asks the program to stop; not caught by ``except Exception``."""


def _stop(_number: int, _frame: object) -> None:
    raise StoppedError


def guarded(program: str, command: Callable[[], int]) -> int:
    """Run `command`; turn errors of the user into one line and exit code 2."""
    _share_processors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console may lack β
            with contextlib.suppress(ValueError):
                stream.reconfigure(errors="replace")
    try:
        with _stoppable():
            return command()
    except (KeyboardInterrupt, StoppedError):
        print(f"{program}: stopped.", file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except USER_ERRORS as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        print(f"{program}: {text}", file=sys.stderr)
        return EXIT_BAD_INPUT


@contextlib.contextmanager
def _stoppable() -> Generator[None]:
    """Raise `StoppedError` on SIGTERM inside the block; then restore the handler."""
    try:
        before = signal.signal(signal.SIGTERM, _stop)
    except ValueError:  # only the main thread can handle signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _share_processors() -> None:
    """Leave half the processors to the picture, before NumPy is imported."""
    threads = max(1, min(MAX_BLAS_THREADS, (os.cpu_count() or 1) // 2))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(threads))


def add_scenario_flags(parser: argparse.ArgumentParser) -> None:
    """Add FILE, --set and --backend."""
    parser.add_argument(
        "file",
        nargs="?",
        help="scenario (.json), an export of this program, or a table of embeddings "
        "(.csv, .npy, .npz); - reads a scenario from standard input",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change a setting, such as --set dynamics.beta=9; see `list`",
    )
    parser.add_argument(
        "--allow-files",
        action="store_true",
        help="read files outside its folder that FILE names",
    )
    parser.add_argument(
        "--backend",
        default="auto",
        metavar="NAME",
        help="auto, numpy or cupy; auto uses a GPU that passes a test",
    )


def changes(texts: Sequence[str]) -> dict[str, str]:
    """Read ``PATH=VALUE`` texts.

    Raises
    ------
    ValueError
        If one has no equals sign.
    """
    out: dict[str, str] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise ValueError(
                f"--set needs PATH=VALUE, such as dynamics.beta=9; got {text!r}."
            )
        out[path.strip()] = value
    return out


def scenario_of(args: argparse.Namespace) -> Scenario:
    """Return the scenario that the flags describe."""
    from sim.loading import open_scenario
    from sim.scenario import Scenario

    base = Scenario()
    if args.file:
        base = open_scenario(args.file, allow_files=args.allow_files, report=report)
    return with_settings(base, args)


def with_settings(base: Scenario, args: argparse.Namespace) -> Scenario:
    """Return `base` with the settings of --set, under a title that fits its law."""
    from sim.run_title import retitled
    from sim.scenario import edit

    ours = {k: v for k, v in changes(args.set).items() if k[:5] != "look."}
    return retitled(base, edit(base, ours), base)


def run_of(args: argparse.Namespace) -> Run:
    """Return the run that FILE, --set, --change and edits of tokens describe.

    Raises
    ------
    ValueError
        If a change cannot be applied, or is after the end of the run.
    """
    return run_and_window_of(args)[0]


def run_and_window_of(args: argparse.Namespace) -> tuple[Run, dict[str, Any]]:
    """Return what `run_of` does, and what FILE says of how a window shows it."""
    from sim.loading import open_with_window
    from sim.scenario import Scenario
    from sim.schedule import Run, check_duration, with_changes

    base, window = Run(Scenario()), {}
    if args.file:
        base, window = open_with_window(
            args.file, allow_files=args.allow_files, report=report
        )
    start = with_settings(base.start, args)
    run = with_changes(Run(start, base.changes), changes_in_time(args.change))
    check_duration(run)
    return run, window


def report(message: str) -> None:
    """Print what a user should know, though it stops nothing."""
    print(f"orrery: {message}", file=sys.stderr)


def add_run(parser: argparse.ArgumentParser) -> None:
    """Describe `run`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    parser.add_argument(
        "-o", "--out", metavar="DIR", help="folder for CSVs and scenario"
    )
    parser.add_argument(
        "--every", type=int, metavar="K", help="record every K steps (about 200 frames)"
    )
    parser.add_argument(
        "--no-trajectory", action="store_true", help="write the observables only"
    )
    parser.add_argument(
        "--layers", action="store_true", help="write the tokens of every step as arrays"
    )
    parser.add_argument(
        "--theory", action="store_true", help="add the predictions of theory"
    )
    parser.add_argument(
        "--progress", action="store_true", help="print lines `progress FRACTION`"
    )


def run(args: argparse.Namespace) -> int:
    """Run a scenario to its end; print a table and, with -o, write its files."""
    from sim.recording.run_folder import record_run

    table = ProgressTable(machine=args.progress)
    events: list[ClusterChange] = []
    described, window = run_and_window_of(args)
    record_run(
        described,
        args.out,
        every=args.every,
        backend=args.backend,
        progress=table.show,
        trajectory=not args.no_trajectory,
        theory=args.theory,
        layers=args.layers,
        event=None if args.progress else events.append,
        last_events=EVENTS_PRINTED,
        window=window,
    )
    for change in events:
        print(change)
    if args.theory and not args.progress:
        print_inapplicable(described.start)
    if args.out and not args.progress:
        print(f"wrote {args.out}")
    return 0


def print_inapplicable(scenario: Scenario) -> None:
    """Print which theories do not apply, and why."""
    from sim.simulation import Simulation
    from sim.theory import inapplicable

    run = Simulation(scenario, "numpy")
    for kind, why in inapplicable(run.scenario, run.x).items():
        print(f"theory:{kind} does not apply: {why}.")


def add_check(parser: argparse.ArgumentParser) -> None:
    """Describe `check`."""
    add_scenario_flags(parser)
    add_change_flag(parser)
    parser.add_argument(
        "--at",
        type=float,
        default=0.0,
        metavar="T",
        help="time of the state; default: 0",
    )


def check(args: argparse.Namespace) -> int:
    """Print the checks of a state; return 1 if one fails."""
    from sim.checks.state import check_state
    from sim.simulation import Simulation

    run = Simulation(run_of(args), args.backend)
    run.reach(args.at)
    found = check_state(run)
    for c in found:
        mark = "ok " if c.holds else "BAD"
        print(f"{mark}  {c.name:<10} {c.value:9.2e}  at most {c.bound:8.2e}  {c.note}")
    return 0 if all(c.holds for c in found) else 1


class ProgressTable:
    """Prints a run as it advances: a table of observables, or progress alone."""

    def __init__(self, *, machine: bool) -> None:
        self._machine, self._due, self._kinds = machine, 0.0, ()

    def show(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Print a line if one is due; `done` is the completed share of the run."""
        if done + 1e-9 < self._due:
            return
        parts = PROGRESS_LINES if self._machine else TABLE_ROWS - 1
        self._due = (int(done * parts + 1e-6) + 1) / parts
        if self._machine:
            print(f"progress {done:.4f}", flush=True)
            return
        known = {k: measures[k] for k in TABLE_COLUMNS if k in measures}
        known = {k: v for k, v in known.items() if v == v}  # not NaN
        if tuple(known) != self._kinds:
            self._kinds = tuple(known)
            print("  ".join(f"{name:>11}" for name in ("t", *known)))
        print("  ".join(f"{v:11.6g}" for v in (t, *known.values())), flush=True)


def add_list(parser: argparse.ArgumentParser) -> None:
    """Describe `list`."""
    add_scenario_flags(parser)


def print_list(args: argparse.Namespace) -> int:
    """Print every setting with its value, its range or choices, and its meaning."""
    print("\n".join(listing(scenario_of(args))))
    return 0


def listing(record: Any, prefix: str = "") -> list[str]:
    """Return a line per active setting: its path, value, range and meaning."""
    from sim.settings.knobs import choices, knob_of, knobs, used
    from sim.settings.serialise import family

    lines: list[str] = []
    for path, owner, name in used(record):
        value = getattr(owner, name)
        knob = knob_of(type(owner), name)
        if (kinds := family(owner, name)) is not None:
            value, note = value.kind, f"{' | '.join(kinds.kinds())}  {knob.help}"
        elif name not in knobs(type(owner)):
            continue
        else:
            menu = choices(type(owner), name)
            bounds = f"{knob.lo:g} … {knob.hi:g}" if knob.hi < float("inf") else ""
            note = f"{' | '.join(menu) or bounds}  {knob.help}".strip()
        lines.append(f"{prefix + path:<30} {_short(value):<12} {note}")
    return lines


def _short(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else text[:23] + "…"  # noqa: PLR2004 - a column
