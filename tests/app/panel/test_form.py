"""The settings panel: every setting has a row, and rows only do what they say."""

from __future__ import annotations

import gc
import inspect
import math

import pytest
from helpers.runs import Silent
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from app.annotations.number_format import setting_text, typed_number
from app.document import setting_names
from app.document.document import Document
from app.document.look import Look
from app.document.session import Session
from app.document.setting_names import group_of
from app.panel.fields import ChoiceControl, NumberControl, SwitchControl, TextEntry
from app.panel.form import Form
from app.panel.law_switches import flow_of, sign_of
from app.panel.rail import Rail
from app.panel.rows import default_of, paths
from app.panel.summaries import summary
from app.panel.toggles import LawActions
from app.theme import fonts
from app.theme.palette import DARK
from app.theme.theme import ThemeController
from app.widgets.slider_scale import TICKS, SliderScale
from sim.dynamics import Dynamics
from sim.integrators import Integrator
from sim.scenario import Scenario
from sim.settings.knobs import Knob, all_knobs, groups, hints, walk
from sim.settings.plugins import Plugin


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def session(qapp):
    fonts.install()
    return Session(Document(), Silent())


@pytest.fixture
def form(session, settings, qtbot, qapp):
    font = qapp.font()
    ThemeController(qapp, settings).apply()
    made = Form(session, LawActions(session), DARK, settings)
    made.resize(300, 900)
    made.show()
    for group in made.groups.values():
        group.fold(False)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")
    qapp.setFont(font)


@pytest.mark.slow
def test_every_setting_has_a_row_that_shows_it(form, session):
    assert form.paths() == paths(session.document)
    for path in form.paths():
        row = form.row(path)
        assert row.field.toolTip(), path
        assert isinstance(
            row.field, NumberControl | ChoiceControl | SwitchControl | TextEntry
        )


@pytest.mark.slow
def test_every_law_gets_its_rows(form, session):
    for kind in Dynamics.kinds():
        session.edit("dynamics", kind)
        assert form.paths() == paths(session.document), kind
        attends = any(group_of(path) == "attention" for path in form.paths())
        assert form.has("attention") == attends, kind


@pytest.mark.slow
def test_a_choice_brings_its_own_rows(form, session):
    assert "dynamics.heads.value.sigma" not in form.paths()
    form.row("dynamics.heads.value").field.edited.emit("gaussian")
    assert "dynamics.heads.value.sigma" in form.paths()
    session.undo()
    assert "dynamics.heads.value.sigma" not in form.paths()


def test_a_group_without_rows_is_not_there(session, settings, qtbot):
    session.edit("dynamics", "bracket")
    form = Form(session, LawActions(session), DARK, settings)
    qtbot.addWidget(form)
    shown = {sign for sign, group in form.groups.items() if group.isVisibleTo(form)}
    assert shown == {sign for sign in form.groups if form.has(sign)}
    assert "attention" not in shown


def test_what_a_transformer_has_besides_is_summed_up():
    document = Document()
    assert summary(document, "block") == "none"
    document = document.edit(
        {
            "encoding": "sinusoidal",
            "dynamics.heads.mlp": "composed",
            "dynamics.heads.depth.layers": 4,
            "dynamics.heads.depth.dropout": 0.1,
            "dynamics.heads.depth.ramp": "linear",
        }
    )
    assert summary(document, "block") == "Sinusoidal, MLP, 4 layers, dropout 0.1, β(t)"


@pytest.mark.parametrize("kind", sorted(Integrator.kinds()))
def test_the_step_comes_before_words_that_may_be_cut(kind):
    document = Document().edit({"integrator": kind, "step": 0.025})
    assert summary(document, "integrator").startswith("h = 0.025, ")
    assert len(summary(document, "integrator")) <= 20


@pytest.mark.slow
def test_dragging_is_one_step(form, session, qtbot):
    slide = form.row("dynamics.beta").field.slide
    middle = slide.rect().center()
    qtbot.mousePress(slide, Qt.MouseButton.LeftButton, pos=middle)
    for x in range(0, 30, 3):
        at = middle + QPoint(x, 0)
        event = QEvent.Type.MouseMove
        QApplication.sendEvent(slide, _mouse(event, slide, at))
    qtbot.mouseRelease(slide, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    assert session.document.scenario.dynamics.beta != 4.0
    session.undo()
    assert session.document == Document()
    assert session.undo_text == ""


def _mouse(kind, widget, at):
    from PySide6.QtGui import QMouseEvent

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(widget.mapToGlobal(at))
    return QMouseEvent(kind, QPointF(at), where, left, left, none)


@pytest.mark.slow
def test_a_click_goes_to_its_place(form, session, qtbot):
    slide = form.row("look.trail").field.slide
    at = QPoint(slide.width() - 8, slide.height() // 2)
    qtbot.mouseClick(slide, Qt.MouseButton.LeftButton, pos=at)
    assert session.document.look.trail > 18


@pytest.mark.slow
def test_a_double_click_goes_back_to_the_default(form, session, qtbot):
    session.edit("dynamics.beta", 9.0)
    row = form.row("dynamics.beta")
    qtbot.mouseDClick(row.name, Qt.MouseButton.LeftButton)
    assert session.document.scenario.dynamics.beta == 4.0


@pytest.mark.slow
def test_typed_values_apply_with_enter(form, session, qtbot):
    entry = form.row("dynamics.beta").field.entry
    _type(qtbot, entry, "-2.5")
    assert session.document.scenario.dynamics.beta == -2.5
    assert entry.text() == "−2.5"


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["nine", "", "1e9", "0x3"])
def test_bad_text_is_reported_with_the_name_on_screen(form, session, qtbot, typed):
    entry = form.row("dynamics.beta").field.entry
    with qtbot.waitSignal(session.refused) as said:
        _type(qtbot, entry, typed)
    assert said.args[0].startswith("β must be ")
    assert session.document == Document()


@pytest.mark.slow
def test_refused_text_can_be_corrected_until_the_focus_goes(form, session, qtbot):
    entry, said = form.row("dynamics.beta").field.entry, []
    session.refused.connect(said.append)
    with qtbot.waitExposed(form):
        form.show()
    _type(qtbot, entry, "9x")
    assert (entry.text(), entry.property("wrong"), len(said)) == ("9x", True, 1)
    qtbot.keyClick(entry, Qt.Key.Key_Backspace)
    assert not entry.property("wrong")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert session.document.scenario.dynamics.beta == 9
    _type(qtbot, entry, "9x")
    form.row("tokens").field.entry.setFocus()
    assert (entry.text(), entry.property("wrong"), len(said)) == ("9", False, 2)


def _type(qtbot, entry, text):
    entry.setFocus()
    entry.selectAll()
    qtbot.keyClick(entry, Qt.Key.Key_Delete)
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


@pytest.mark.slow
def test_escape_takes_back_what_is_being_typed(form, session, qtbot):
    entry = form.row("tokens").field.entry
    entry.setFocus()
    entry.selectAll()
    qtbot.keyClicks(entry, "77")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "128"
    assert session.document == Document()


@pytest.mark.slow
def test_arrows_turn_finely(form, session, qtbot):
    slide = form.row("dynamics.beta").field.slide
    slide.setFocus()
    qtbot.keyClick(slide, Qt.Key.Key_Right)
    assert session.document.scenario.dynamics.beta == pytest.approx(4.1)
    entry = form.row("tokens").field.entry
    qtbot.keyClick(entry, Qt.Key.Key_Up)
    assert session.document.scenario.tokens > 128


@pytest.mark.slow
def test_the_wheel_turns_only_with_the_focus(form, session):
    slide = form.row("look.trail").field.slide
    form.setFocus()
    slide.clearFocus()
    QApplication.sendEvent(slide, _wheel(slide))
    assert session.document == Document()


def _wheel(widget):
    at = QPointF(widget.rect().center())
    none = Qt.MouseButton.NoButton
    return QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


@pytest.mark.slow
def test_switches_and_texts(form, session, qtbot):
    form.row("look.glow").field.box.click()
    assert session.document.look.glow is False
    _type(qtbot, form.row("title").field.entry, "A title")
    assert session.document.scenario.title == "A title"


@pytest.mark.slow
def test_rows_that_are_gone_leave_nothing_behind(form, session):
    def gone():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        widgets = (o for o in gc.get_objects() if isinstance(o, QWidget))
        return sum(not isValid(w) for w in widgets)

    before = gone()
    for law in ("bracket", "softmax", "bracket", "softmax"):
        session.edit("dynamics", law)
    assert gone() == before


@pytest.mark.slow
def test_rows_follow_the_document(form, session):
    session.edit("dynamics.beta", 16.0)
    field = form.row("dynamics.beta").field
    assert field.entry.text() == "16"
    assert field.slide.value() == field._scale.tick(16.0)


@pytest.mark.slow
def test_groups_fold_and_remember(form, session, settings, qtbot):
    form.groups["look"].fold(True)
    other = Form(session, LawActions(session), DARK, settings)
    qtbot.addWidget(other)
    assert not other.groups["look"].opened
    assert other.groups["tokens"].opened


@pytest.mark.slow
def test_no_row_is_wider_than_the_panel(form, qtbot):
    page = form.widget()
    assert page.minimumSizeHint().width() <= 292
    for path in form.paths():
        row = form.row(path)
        assert row.mapTo(page, row.rect().topRight()).x() <= page.width(), path


@pytest.mark.slow
def test_a_table_does_not_squeeze_the_menu_of_its_kind(form, session, qtbot):
    session.edit("dynamics.heads.query", "diagonal")
    kind = form.row("dynamics.heads.query").field.menu
    least = kind.fontMetrics().horizontalAdvance("Diagonal")
    qtbot.waitUntil(lambda: kind.isVisible() and kind.width() >= least)


@pytest.mark.slow
def test_a_million_is_read_whole(form, session, qtbot):
    session.edit("tokens", 1_000_000)
    entry = form.row("tokens").field.entry
    qtbot.waitUntil(lambda: entry.text() == "1000000")
    room = entry.contentsRect().width() - 2 * 4 - 4  # paddings, and Qt's own 2 each
    assert entry.fontMetrics().horizontalAdvance("1000000") <= room


@pytest.mark.slow
def test_every_control_has_a_name(form):
    for part in form.findChildren(QLineEdit):
        assert part.accessibleName()


@pytest.mark.slow
def test_the_flyout_borrows_a_group_and_gives_it_back(form, qtbot):
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(700, 600)
    over.show()
    rail = Rail(form, over)
    qtbot.addWidget(rail)
    rail._buttons["attention"].click()
    assert rail.flyout.isAncestorOf(form.groups["attention"])
    assert over.rect().contains(rail.flyout.geometry())
    rail._buttons["look"].click()
    assert form.isAncestorOf(form.groups["attention"])
    rail._buttons["look"].click()
    assert form.isAncestorOf(form.groups["look"])
    assert rail.flyout.isHidden()
    rail._buttons["look"].click()
    qtbot.keyClick(rail.flyout, Qt.Key.Key_Escape)
    assert rail.flyout.isHidden()
    assert not rail._buttons["look"].isChecked()


@pytest.mark.slow
def test_tooltips_are_not_too_wide(form):
    for path in form.paths():
        for line in form.row(path).field.toolTip().splitlines():
            assert len(line) <= 68


def test_the_toggles_go_to_and_fro(session):
    law_actions = LawActions(session)
    session.edit("dynamics.beta", 7.0)
    session.release()
    law_actions.toggle_sum()
    assert session.document.scenario.dynamics.kind == "unnormalised"
    assert session.document.scenario.dynamics.beta == 7.0
    law_actions.toggle_sign()
    assert sign_of(session.document) == -1
    law_actions.toggle_flow()
    assert flow_of(session.document) == "hamiltonian"
    assert session.document.scenario.space.kind == "flat"
    law_actions.toggle_flow()
    assert flow_of(session.document) == "double"
    assert session.document.scenario.dynamics.gamma == 0.5
    law_actions.toggle_flow()
    assert flow_of(session.document) == "hamiltonian"
    law_actions.flow("attention")
    law = session.document.scenario.dynamics
    assert (law.kind, law.beta, sign_of(session.document)) == ("unnormalised", 7.0, -1)
    assert session.document.scenario.space.kind == "sphere"


def test_each_toggle_is_one_step(session):
    law_actions = LawActions(session)
    law_actions.flow("double")
    law_actions.toggle_sum()
    assert flow_of(session.document) == "attention"
    session.undo()
    assert flow_of(session.document) == "double"
    session.undo()
    assert session.document == Document()


def test_defaults_are_the_fields_own():
    document = Document().edit({"look.trail": 9.0, "space": "flat"})
    assert default_of(document, "look.trail") == 2.0
    assert default_of(document, "space") == "sphere"


def records(cls, seen=None):
    """Return every settings record that can be part of a record of class `cls`."""
    seen = {cls} if seen is None else seen
    for kind in groups(cls).values():
        members = kind.kinds().values() if issubclass(kind, Plugin) else (kind,)
        for member in {*members} - seen:
            seen.add(member)
            records(member, seen)
    return seen


@pytest.mark.parametrize("cls", sorted(records(Scenario) | records(Look), key=str))
def test_every_setting_is_named_beside_its_field(cls):
    for name in hints(cls):
        group = groups(cls).get(name)
        if group is None or issubclass(group, Plugin):
            knob = all_knobs(cls)[name]
            assert knob.caption
            assert knob.help.endswith((".", ")")), f"{cls.__name__}.{name}"


def test_the_application_holds_no_table_of_labels():
    source = inspect.getsource(setting_names)
    paths = [path for path, _, _ in walk(Scenario()) if "." in path]
    labels = [path for path in paths if f'"{path}": ' in source]
    assert labels == []


SCALES = [
    Knob("a", -64, 1024, scale="asinh"),
    Knob("b", 1e-4, 2, scale="log"),
    Knob("c", -4, 4),
    Knob("n", 1, 2_000_000, scale="log"),
]


@given(st.sampled_from(SCALES), st.integers(0, TICKS))
def test_the_slider_stays_inside_and_goes_up(knob, tick):
    scale = SliderScale.of(knob, knob.label == "n")
    value = scale.value(tick)
    assert knob.lo <= value <= knob.hi
    if tick:
        assert scale.value(tick - 1) <= value
    assert abs(scale.value(scale.tick(value)) - value) <= abs(value) * 0.02 + 0.02


@given(st.sampled_from(SCALES), st.floats(-1, 1), st.sampled_from([-10, -1, 1, 10]))
def test_fine_steps_move_and_stay_inside(knob, part, steps):
    scale = SliderScale.of(knob, knob.label == "n")
    value = scale.value(round((part + 1) / 2 * TICKS))
    moved = scale.nudged(value, steps)
    assert knob.lo <= moved <= knob.hi
    assert math.copysign(1, moved - value) == math.copysign(1, steps) or (
        moved in (knob.lo, knob.hi)
    )


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_what_is_printed_can_be_typed(value):
    text = setting_text(value, " s")
    assert float(typed_number(text, " s")) == pytest.approx(value, rel=1e-6)
