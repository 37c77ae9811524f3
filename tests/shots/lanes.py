"""Look at screens of several lanes: python tests/shots/lanes.py FOLDER [SCREEN ...].

Each is drawn dark and light, at 1024 × 768 and 1920 × 1080, at scale 1 and 2, and read
for texts that are cut off or lie on each other; what is found is printed.  A
scale is for the life of a process, so that each has one of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = ((1024, 768), (1920, 1080))
SCALES = ("1", "2")
T = 7.0  # of the moment that is looked at
ONE_SCALE = "--scale"
LIMIT_S = 60.0


class Screens:
    """Makes each screen in one window, which has two lanes at first."""

    def __init__(self, window, pump) -> None:
        self.window, self._pump, self.dialog = window, pump, None

    def until(self, condition) -> None:
        """Wait for a condition."""
        for _ in range(round(LIMIT_S / 0.05)):
            if condition():
                return
            self._pump(0.05)
        raise TimeoutError("the window does not come to what is to be shown")

    def at(self, t: float, lanes: int) -> None:
        """Go to a time of so many lanes."""
        self.until(lambda: len(self.window.player.frames) == lanes)
        self.window.player.seek(t)
        self.until(lambda: all(f.t == t for f in self.window.player.frames))
        panes = self.window.lanes.panes
        self.until(lambda: all(p.info.frame and p.info.frame.t == t for p in panes))
        self._pump(0.4)

    def settle(self) -> None:
        """Wait until every picture has the time and the chosen tokens on show."""
        panes = self.window.lanes.panes
        t, chosen = self.window.player.t, panes[0].chosen
        self.until(lambda: all(p.info.frame and p.info.frame.t == t for p in panes))
        self.until(lambda: all(p.info.chosen == chosen for p in panes))
        self._pump(0.4)

    def pair(self) -> None:
        """Two lanes, and nothing chosen."""
        self.window.lanes.choose(())
        if self.window._session.lanes.count != 2:
            self.window._session.lanes.close_others(0)
            self.window.lane_actions.pair("beta")
        self.at(T, 2)

    def four(self) -> None:
        """Four lanes with laws of long names."""
        self.window._session.lanes.close_others(0)
        self.window.lane_actions.pair("dynamics")
        self.at(2.0, 4)

    def forked(self) -> None:
        """A lane with a long title, and the numbers of clusters."""
        self.pair()
        self.window.lane_actions.fork()
        self.at(T, 3)
        self.window._session.change({"dynamics.beta": 25, "step": 0.02}, "more")
        self.window._session.edit("look.numbers", True)
        self.at(T + 1, 3)

    def card(self) -> None:
        """The card of a token, in the second lane."""
        self.pair()
        self.window._session.lanes.choose(1)
        self.window.lanes.choose((3, 7))
        self._pump(0.8)
        self.settle()

    def merges(self) -> None:
        """The page of merges, at the last one."""
        self.pair()
        self.window.inspectors.choose_page("merges")
        page = self.window.inspectors.page("merges")
        self.until(lambda: page.history is not None and page.history.t[-1] > T - 1)
        last = len(page.history.times) - 1
        page.bands.merge_chosen.emit(last)
        time = float(page.history.times[last])
        self.until(lambda: self.window.player.t == time)
        self._pump(1.0)
        self.settle()

    def compare(self) -> None:
        """The dialog of a comparison."""
        self.pair()
        self.window.lane_actions.compare()
        self._find_dialog()

    def between(self) -> None:
        """The dialog that puts a token between two others."""
        self.pair()
        self.window.token_actions.put_between()
        self._find_dialog()

    def palette(self) -> None:
        """The command palette."""
        self.pair()
        self.window.entries.open()
        self.window.entries.field.setText("lane")
        self._pump(0.4)

    def find(self) -> None:
        """The list of tokens by cluster."""
        self.pair()
        self.window.finder.open()
        self._pump(0.4)

    def equation(self) -> None:
        """The formula on the large sheet."""
        self.pair()
        self.window.panels.show_formula(True)
        self._pump(1.0)

    def present(self) -> None:
        """A presentation of two lanes."""
        self.pair()
        self.window.commands["present"].trigger()
        self._pump(0.6)

    def leave(self) -> None:
        """Close what a screen opened."""
        window = self.window
        if self.dialog is not None:
            self.dialog.close()
            self.dialog = None
        if window.panels.presenting:
            window.commands["present"].trigger()
        for part in (window.entries, window.finder):
            part.shut()
        window.panels.show_formula(False)
        window._session.edit("look.numbers", False)
        window.lanes.choose(())
        self._pump(0.2)

    def _find_dialog(self) -> None:
        from PySide6.QtWidgets import QDialog

        self._pump(0.4)
        dialogs = self.window.findChildren(QDialog)
        self.dialog = next(d for d in dialogs if d.isVisible())


NAMES = (
    "pair", "four", "forked", "card", "merges", "compare", "between", "palette",
    "find", "equation", "present",
)  # fmt: skip


def faults_of(window, dialog) -> list[str]:
    """Return what cannot be read in the window and its dialog."""
    from helpers.legibility import faults

    found = faults(window)
    first = window.token_view
    for pane in window.lanes.panes[1:]:  # `faults` looks at one picture
        window.token_view = pane
        found += [f for f in faults(window) if "picture" in f]
    window.token_view = first
    return found + (faults(dialog_view(dialog)) if dialog is not None else [])


def dialog_view(dialog):
    """Return a dialog as `faults` takes a window: with a picture without texts."""
    from types import SimpleNamespace

    overlay = SimpleNamespace(boxes=[])
    dialog.token_view = SimpleNamespace(_overlay=overlay, rect=dialog.rect)
    return dialog


def look(folder: Path, names: list[str], scale: str) -> int:
    """Draw all screens at one scale; return how many have a fault."""
    sys.path[:0] = [str(Path(__file__).parents[k]) for k in (2, 1)]
    sys.path.insert(0, str(Path(__file__).parent))
    from legible import opened_alone

    from app.document.loading import opening_document
    from app.theme import fonts

    failed = 0
    with tempfile.TemporaryDirectory() as kept:
        window, _, themes, pump = opened_alone(opening_document(), Path(kept))
        fonts.install()
        themes.apply()
        screens = Screens(window, pump)
        for theme in ("dark", "light"):
            themes.choose(theme)
            for size in SIZES:
                window.resize(*(round(side / float(scale)) for side in size))
                for name in names or NAMES:
                    getattr(screens, name)()
                    where = f"{name}-{size[0]}x{size[1]}-{scale}-{theme}"
                    window.grab().save(str(folder / f"{where}.png"))
                    if screens.dialog is not None:
                        screens.dialog.grab().save(str(folder / f"{where}-d.png"))
                    found = faults_of(window, screens.dialog)
                    if name in ("palette", "find"):  # they lie on what is below
                        found = [f for f in found if "on each other" not in f]
                    failed += bool(found)
                    for fault in found:
                        print(f"{where}: {fault}", flush=True)
                    screens.leave()
        window.stop()
        window.deleteLater()
        pump()
    return failed


def main(arguments: list[str]) -> int:
    """Draw all screens at every scale, each in a process of its own."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    if ONE_SCALE in arguments:
        at = arguments.index(ONE_SCALE)
        return look(folder, arguments[1:at], arguments[at + 1])
    failed = 0
    for scale in SCALES:
        own = {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
        surface = {"EGL_PLATFORM": "surfaceless", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, *arguments, ONE_SCALE, scale]
        failed += subprocess.run(
            command, env={**os.environ, **own, **surface}, check=False
        ).returncode
    print(f"{failed} screens with a fault")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
