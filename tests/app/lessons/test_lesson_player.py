"""A lesson in the window: cues, answers, edits, reload, resume, the audience."""

import pytest
from helpers import sampling
from helpers.windows import opened
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.document.document import Document
from app.lessons.cue_document import document_of, look_faults
from app.plots.headings import heading
from app.theme import fonts
from app.theme.theme import ThemeController
from sim.lessons import lesson_file, read_lesson
from sim.lessons.files import lesson_paths

TEXT = """---
title: A lesson
---

## One cluster

```cue
preset: collapse
set: tokens=6 step=0.2
until: 12
page: cosines
large: yes
show: potential=true
question: How many clusters are left?
answer: {clusters(12)}
check: clusters(12) == 1
```

All move to the mean.

> Wait for the guesses.

## Broken

```cue
preset: nothing
```

Words alone.

## Two lanes

```cue
preset: collapse
set: tokens=5
compare: dynamics.beta=1,9
curve: clusters
at: 0.5
```

Which is faster?

## A lab

```cue
lab: look-up
set: beta=2
```

A dictionary.
"""


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qapp, settings, qtbot):
    fonts.install()
    theme = ThemeController(qapp, settings)
    theme.choose("dark")
    document = Document().edit({"tokens": 4, "title": "Before"})
    with opened(document, theme, settings, qtbot) as made:
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        yield made


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "mine.md"
    file.write_text(TEXT, encoding="utf-8")
    return file


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))


@pytest.mark.slow
def test_a_lesson_is_dropped_stepped_and_edited(window, path, qtbot):
    faults = []
    player, bar, view = (
        window.lesson_controls.player,
        window.lesson_bar,
        window.token_view,
    )
    player.faulty.connect(faults.append)
    drop(window, path)
    assert bar.isVisible()
    assert "line 23: it has no run: there is no preset 'nothing'" in faults[0]
    document = lambda: window._session.document  # noqa: E731
    assert (document().scenario.tokens, document().look.potential) == (6, True)
    assert bar.question.text() == "Predict: How many clusters are left?"
    assert bar.notes.isHidden()
    assert window.panels.large and window.inspectors.kind == "cosines"
    qtbot.keyClick(view, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert bar.notes.isVisible()
    window._session.edit("dynamics.beta", 3.0)
    qtbot.keyClick(view, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert document().scenario.dynamics.beta == 1.0
    qtbot.keyClick(view, Qt.Key.Key_PageDown)  # the answer
    qtbot.waitUntil(lambda: not player.busy)
    assert bar.question.text().endswith("→  1")
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert (player.place, bar.text.text()) == (1, "Words alone.")
    assert not window.panels.large
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert len(document().lanes) == 2
    qtbot.waitUntil(lambda: window.player.t == 0.5)
    assert window.curves.kinds[0] == "clusters"
    changed_on_disk(window, path, qtbot)
    qtbot.keyClick(window.token_view, Qt.Key.Key_PageDown)
    assert window.labs.isVisible()
    assert window.labs.lab.beta == 2.0
    qtbot.keyClick(window.labs, Qt.Key.Key_PageUp)
    assert not window.labs.isVisible()
    resumed(window, path, player, bar)


def changed_on_disk(window, path, qtbot):
    path.write_text(TEXT.replace("Which is faster?", "Which one?"), encoding="utf-8")
    bar = window.lesson_bar
    qtbot.waitUntil(lambda: bar.text.text() == "Which one?")
    assert window.lesson_controls.player.place == 2


def resumed(window, path, player, bar):
    player.close()
    assert not bar.isVisible()
    player.open(path)
    assert player.place == 2
    window.panels.present(True)
    assert not bar.isVisible()
    assert window.presentation.header._title == "Two lanes"
    window.panels.present(False)


@pytest.mark.slow
def test_the_audience_sees_the_picture_and_no_notes(window, path, qtbot):
    window.lesson_controls.player.open(path)
    window.commands["audience"].trigger()
    audience = window.lesson_controls.audience
    assert audience.isVisible()
    assert window.lesson_bar.notes.isVisible()
    assert audience.header._title == "One cluster"
    panel, shown = audience.inspectors, audience.panel
    assert (panel.isVisible(), shown.isVisible()) == (True, False)  # as its cue says
    assert panel.kind == "cosines"
    window.lesson_controls.player.go(2)
    assert (panel.isVisible(), shown.isVisible()) == (False, True)
    qtbot.waitUntil(lambda: shown.facts() is not None)
    assert shown.facts().star == ("β", "1")
    window._session.edit("dynamics.beta", 2.0)
    assert shown.facts().star == ("β", "2")
    window.lesson_controls.player.go(0)
    for speaks in (audience, window):  # a clicker works wherever the focus is
        speaks.activateWindow()
        qtbot.waitUntil(speaks.isActiveWindow)
        place = window.lesson_controls.player.place
        qtbot.keyClick(speaks, Qt.Key.Key_PageDown)
        qtbot.keyClick(speaks, Qt.Key.Key_PageDown)
        assert window.lesson_controls.player.place > place
    window.lesson_controls.player.go(3)
    qtbot.waitUntil(lambda: audience.plate.isVisible())
    assert not audience.panel.isVisible()
    window.lesson_controls.player.go(0)
    assert audience.inspectors.isVisible() and not audience.plate.isVisible()
    texts = (audience.header._title, audience.header._text)
    assert not any("guesses" in text for text in texts)
    window.commands["audience"].trigger()
    assert not audience.isVisible()
    keys_work_wherever_the_focus_is(window, window.lesson_controls.player, qtbot)


def keys_work_wherever_the_focus_is(window, player, qtbot):
    window.panels.enlarge(False)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    kinds = {}
    for part in window.findChildren(QWidget):
        if part.isVisible() and part.isEnabled() and part.focusPolicy():
            kinds.setdefault(type(part), part)
    assert len(kinds) > 8
    for part in list(kinds.values())[:: 1 if sampling.long else 4]:
        part.setFocus()
        focus = QApplication.focusWidget() or window
        qtbot.keyClick(focus, Qt.Key.Key_PageUp)
        player.go(1)
        qtbot.keyClick(focus, Qt.Key.Key_PageDown)
        assert player.place == 2, part
    seen = [part for part in kinds.values() if part.isVisible()]
    for part in seen[:: 1 if sampling.long else 4]:
        part.setFocus()
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F5)
        assert window.panels.presenting, part
        qtbot.keyClick(window, Qt.Key.Key_B)
        assert window.presentation.cover.mode == "blank"
        window.panels.present(False)


def test_looks_are_checked(path):
    path.write_text(TEXT.replace("potential=true", "potental=true"), encoding="utf-8")
    (fault,) = look_faults(read_lesson(path))
    assert fault.line == 5
    assert "potental" in fault.text
    path.write_text(TEXT.replace("page: cosines", "page: cosine"), encoding="utf-8")
    (fault,) = look_faults(read_lesson(path))
    assert "no panel 'cosine'. Did you mean 'cosines'?" in fault.text
    path.write_text(TEXT.replace("page: cosines\n", ""), encoding="utf-8")
    (fault,) = look_faults(read_lesson(path))
    assert "page: has to name it" in fault.text


@pytest.mark.parametrize("name", lesson_paths())
def test_the_looks_of_shipped_lessons_are_known(name):
    assert look_faults(read_lesson(lesson_paths()[name])) == []


def test_a_cue_shows_no_curve_twice():
    (cue, *_) = read_lesson(lesson_file("3")).cues
    document = document_of(cue)
    names = [heading(k, document.scenario).name for k in document.moment.curves]
    assert names == ["F̂(μ)", "Clusters", "Order |x̄|"]
