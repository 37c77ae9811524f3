"""The first hour of a newcomer, in a real window: python first_hour.py FOLDER.

Opens an own table by the command line, sees its columns, types β with a decimal comma,
plays, saves, exports a picture and opens that again.  Pictures of the window are put
into FOLDER.  Takes the installed program, and ends with an error if anything is not as
it should be.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from app.__main__ import main
from app.panel.rows import Row
from app.tables.column_dialog import ColumnDialog
from app.window import Window

LONG_MS = 120_000
SETTLE_MS = 5000  # for pictures that are late
TABLE = "Wort;x;y;z\n" + "".join(
    f"w{k};{str(0.1 * k - 0.8).replace('.', ',')};{k % 3},5;{k % 5},25\n"
    for k in range(18)
)


def until(condition):
    """Run events until a condition holds; return what it gave."""
    clock = QElapsedTimer()
    clock.start()
    while not (found := condition()):
        if clock.elapsed() > LONG_MS:
            raise TimeoutError(condition.__doc__)
        QTest.qWait(20)
    return found


def one(kind):
    """Return the visible top window of a class, or nothing."""
    shown = (w for w in QApplication.topLevelWidgets() if w.isVisible())
    return next((w for w in shown if isinstance(w, kind)), None)


class FirstHour:
    """Does in the window what a newcomer does."""

    def __init__(self, folder):
        self._folder, self.failure = folder, "nothing was done"
        self._count = 0

    def start(self):
        """Begin once the columns are shown, which is the last thing at a start."""
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(100)

    def _look(self):
        dialog = one(ColumnDialog)
        if dialog is None or not dialog.grid.columnCount():
            return
        self._timer.stop()
        window = one(Window)
        try:
            self._go(window, dialog)
            self.failure = ""
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
        self._shoot("end")
        window._session.save(self._folder / "at the end.json")
        window.close()

    def _shoot(self, name):
        self._count += 1
        QTest.qWait(300)
        screen = QApplication.primaryScreen().grabWindow(0)
        screen.save(str(self._folder / f"{self._count} {name}.png"))

    def _go(self, window, dialog):
        session = window._session
        self._shoot("columns of an own table")
        said = "Coordinates from 3 columns; names from column 1 'Wort'."
        assert dialog.said.text().startswith(said), dialog.said.text()
        assert "decimal commas" in dialog.said.text(), dialog.said.text()
        dialog.buttons.button(QDialogButtonBox.StandardButton.Open).click()

        def opened():
            """The table is open."""
            frame = window.player.frame
            return frame is not None and frame.names and frame.names[0] == "w0"

        until(opened)
        self._shoot("own tokens")
        row = next(r for r in window.findChildren(Row) if r.path == "dynamics.beta")
        entry = row.field.entry
        entry.setFocus()
        entry.selectAll()
        QTest.keyClicks(entry, "9,5")
        QTest.keyClick(entry, Qt.Key.Key_Return)
        assert session.document.scenario.dynamics.beta == 9.5
        QTest.keyClick(row.field.slide, Qt.Key.Key_Right)
        assert 9.5 < session.document.scenario.dynamics.beta < 10
        self._shoot("beta by keys")

        def played():
            """Time passes."""
            return session.t > 0.2

        if not window.player.playing:
            QTest.keyClick(window, Qt.Key.Key_Space)
        until(played)
        saved, picture = self._folder / "own.json", self._folder / "own.png"
        assert session.save(saved)
        at = f"{session.t:.2f}"
        assert main(["render", str(saved), "--at", at, "-o", str(picture)]) == 0
        wanted = session.document.run
        window.files.open_path(picture)

        def reopened():
            """The views show the moment of the picture."""
            return abs(window.player.frame.t - float(at)) < 1e-6

        until(reopened)
        QTest.qWait(SETTLE_MS)
        assert reopened(), (
            f"a moment of the run before is shown: {window.player.frame.t}"
        )
        assert session.document.run.changes == wanted.changes
        assert session.document.run.at(9.0).dynamics.beta > 9, wanted.changes
        self._shoot("reopened from a picture")


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    table = out / "eigene Wörter.csv"
    table.write_text(TABLE, encoding="utf-8")
    from app.system.application import application

    application()
    hour = FirstHour(out)
    hour.start()
    code = main([str(table)])
    print(hour.failure or "all as it should be")
    sys.exit(code or bool(hour.failure))
