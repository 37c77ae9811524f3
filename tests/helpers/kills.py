"""Commands that are killed at random moments, and what they may leave behind."""

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from helpers.paths import ROOT

EVENTS = ("KILL", "TERM", "HUP", "INT", "full disk")
STOPS = ("TERM", "HUP", "INT")
MOST_S = 2.0  # from a signal to the end, on a machine that is not busy
WINDOW = """
import signal
import sys
from pathlib import Path
from sim.cli.guard import STOPPING, guarded

def export():
    from PySide6.QtCore import QCoreApplication, QTimer
    from app.document.loading import opening_document
    from app.export.subprocess_jobs import ExportJob

    app = QCoreApplication([])

    def quit(*_):
        app.exit(130)

    heart = QTimer()
    heart.timeout.connect(print)  # so that Python hears signals
    heart.start(50)
    for number in (signal.SIGINT, *STOPPING):
        signal.signal(number, quit)
    document = opening_document().edit({small})
    job = ExportJob(document, ("render", "--size", "128x96"), Path(sys.argv[1]), app)
    job.ended.connect(app.quit)
    job.start()
    try:
        return app.exec()
    finally:
        job.cancel()

sys.exit(guarded("orrery", export))
"""
ORRERY = "import sys; from app.entry import main; sys.exit(main())"
SAVE = """
import sys
from sim.cli.guard import guarded

def save():
    from app.document.loading import opening_document

    for k in range(100):
        opening_document().edit({"seed": int(sys.argv[2])}).save(sys.argv[1])
    return 0

sys.exit(guarded("orrery", save))
"""


@dataclass
class Work:
    """A command that writes `out`; seed 1 makes the old files, seed 2 the new ones."""

    name: str
    out: str
    command: list[str] = field(default_factory=list)

    def line(self, folder, seed):
        out = str(folder / self.out)
        if self.name == "save":
            return [sys.executable, "-c", SAVE, out, str(seed)]
        if self.name == "window":
            small = {"tokens": 24, "seed": seed}
            code = WINDOW.replace("{small}", repr(small))
            return [sys.executable, "-c", code, out]
        flags = ["--set", "tokens=24", "-o", out, "--force"]
        seeded = ["--seed", str(seed), *flags]
        return [sys.executable, "-c", ORRERY, *self.command, *seeded]


SHORT = ["--fps", "25", "--seconds", "1"]
SWEEP = ["sweep", "--over", "dynamics.beta=1,2,3", "--workers", "2"]
WORKS = (
    Work("run", "out", ["run", "--set", "duration=8"]),
    Work("render", "a.png", ["render", "--size", "128x96", "--at", "8"]),
    Work("render", "a.gif", ["render", "--size", "128x96", *SHORT]),
    Work("sweep", "a.csv", [*SWEEP, "--set", "duration=4", "--measure", "f_hat"]),
    Work("save", "a.json"),
    Work("window", "a.png"),
)


class Place:
    """A folder for exports, with a home and a folder for temporary files."""

    def __init__(self, base):
        self.base, self.folder = base, base / "files"
        self.home, self.temporary = base / "home", base / "tmp"
        for path in (self.folder, self.home, self.temporary):
            path.mkdir(parents=True)

    @property
    def environment(self):
        names = ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
        places = dict.fromkeys(names, str(self.home))
        known = {"TMPDIR": str(self.temporary), "QT_QPA_PLATFORM": "offscreen"}
        return {**os.environ, **places, **known, "PYTHONPATH": str(ROOT)}

    def start(self, line, limit=None):
        def prepare():
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # not ignored, as under nohup
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            line, cwd=ROOT, env=self.environment, preexec_fn=prepare, **quiet
        )

    def digests(self):
        files = [p for p in sorted(self.folder.rglob("*")) if p.is_file()]
        # What is kept of a sweep is meant to stay; tests/helpers/sweep_kills.py.
        files = [p for p in files if p.suffix != ".sweep"]
        return {
            str(p.relative_to(self.folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in files
        }

    def litter(self):
        """Return what should not be there after the next start."""
        hidden = [p for p in self.folder.rglob(".*") if p.is_file()]
        empty = [
            p for p in self.folder.iterdir() if p.is_dir() and not any(p.iterdir())
        ]
        notes = list(self.home.rglob("*.notes"))
        return [str(p) for p in (*hidden, *empty, *notes, *self.temporary.iterdir())]

    def remove(self):
        shutil.rmtree(self.base)


@dataclass
class Known:
    """The files of seed 1 and of seed 2, and how long they take."""

    old: Path
    digests: list[dict[str, str]]
    seconds: float


def known_files(work, base):
    """Make the old and the new files of a command."""
    digests = []
    for seed in (1, 2):
        place = Place(base / f"seed {seed}")
        begun = time.monotonic()
        child = place.start(work.line(place.folder, seed))
        _, said = child.communicate()
        assert child.returncode == 0, said.decode()
        digests.append(place.digests())
    return Known(base / "seed 1" / "files", digests, time.monotonic() - begun)


def broken(work, known, event, rng, base, most=MOST_S):
    """Let `event` happen to a command; return what is wrong afterwards."""
    place = Place(base)
    replaced = rng.random() < 0.5
    if replaced:
        shutil.copytree(known.old, place.folder, dirs_exist_ok=True)
    full = event == "full disk"
    child = place.start(
        work.line(place.folder, 2), rng.randrange(1, 30_000) if full else None
    )
    wrong = []
    if not full:
        time.sleep(rng.uniform(0.2, 1.05) * known.seconds)
        child.send_signal(getattr(signal, f"SIG{event}"))
    begun = time.monotonic()
    _, said = child.communicate(timeout=120)
    took = time.monotonic() - begun
    if event in STOPS and took > most:
        wrong.append(f"ended after {took:.1f} s")
    if b"Traceback" in said:
        wrong.append(said.decode()[-600:])
    time.sleep(1.0 if event == "KILL" else 0.0)  # for processes that it had started
    place.start([sys.executable, "-m", "app", "list", "step"]).communicate()
    wrong += [f"litter: {p}" for p in place.litter()]
    old, new = known.digests
    for name, digest in place.digests().items():
        if digest not in (old[name] if replaced else "", new.get(name)):
            wrong.append(f"{name} is neither old nor new")
    lost = set(old) - set(place.digests()) if replaced else set()
    wrong += [f"{name} is lost" for name in sorted(lost)]
    place.remove()
    return wrong


def cases(count, seed):
    """Yield commands and events, each pair about as often, with a source of chance."""
    rng = random.Random(seed)
    pairs = [(work, event) for work in WORKS for event in EVENTS]
    while count > 0:
        for work, event in rng.sample(pairs, len(pairs))[:count]:
            yield work, event, rng
        count -= len(pairs)
