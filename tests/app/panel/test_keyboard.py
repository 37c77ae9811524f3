"""Every number of the panel can be reached and set by the keyboard alone."""

import math

import pytest
from helpers.runs import Silent
from PySide6.QtCore import QSettings, Qt

from app.document.document import Document
from app.document.session import Session
from app.panel.fields import NumberControl
from app.panel.form import Form
from app.panel.rows import Row
from app.panel.toggles import LawActions
from app.theme import fonts
from app.theme.palette import DARK


@pytest.fixture
def session(qapp):
    fonts.install()
    return Session(Document(), Silent())


@pytest.fixture
def form(session, qtbot, tmp_path):
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    made = Form(session, LawActions(session), DARK, kept)
    made.resize(300, 900)
    made.show()
    for group in made.groups.values():
        group.fold(False)
    yield made
    made.close()
    made.deleteLater()


def numbers(form):
    rows = [
        row for row in form.findChildren(Row) if isinstance(row.field, NumberControl)
    ]
    assert len(rows) > 10
    return rows


def test_tab_reaches_every_number(form, qtbot):
    wanted = {row.field.entry for row in numbers(form) if row.field.entry.isVisible()}
    first = next(iter(wanted))
    seen, at = set(), first
    while at not in seen:
        seen.add(at)
        at = at.nextInFocusChain()
    reached = {w for w in seen if w.focusPolicy() & Qt.FocusPolicy.TabFocus}
    assert wanted <= reached


@pytest.mark.slow
def test_every_number_is_typed_and_stepped(form, session, qtbot):
    for path in [row.path for row in numbers(form)]:
        row = next(r for r in numbers(form) if r.path == path)
        field, before = row.field, session.document.get(path)
        step = field._scale.nudged if field._scale is not None else None
        other = before + 1 if step is None else step(before, 1.0)
        if other == before:  # at its bound
            other = step(before, -1.0)
        typed = f"{other:.12g}".replace(".", ",")
        field.entry.selectAll()
        qtbot.keyClicks(field.entry, typed)
        qtbot.keyClick(field.entry, Qt.Key.Key_Return)
        now = session.document.get(path)
        assert math.isclose(now, other, rel_tol=1e-9), (path, typed, now)
        session.edit(path, before)
        assert session.document.get(path) == before
        row = next(r for r in numbers(form) if r.path == path)
        key = Qt.Key.Key_Up if other > before else Qt.Key.Key_Down
        qtbot.keyClick(row.field.entry, key)
        assert session.document.get(path) != before, path
        session.edit(path, before)
