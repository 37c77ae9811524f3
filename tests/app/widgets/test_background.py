"""Work behind the window: given up, ended or replaced, without an error."""

from threading import Event

import pytest
from PySide6.QtCore import QObject

from app.widgets.background import LatestWork


@pytest.fixture
def latest(qapp, qtbot):
    return LatestWork(QObject(qapp))


def ended(work, qtbot):
    """Wait until Qt has deleted a piece of work."""
    with qtbot.waitSignal(work.destroyed):
        pass


def test_work_that_its_own_button_gave_up_is_replaced_by_other_work(latest, qtbot):
    first = latest.start(lambda _report: 1)
    first.cancel()
    ended(first, qtbot)
    found = []
    latest.start(lambda _report: 2).done.connect(found.append)
    qtbot.waitUntil(lambda: found == [2])


def test_work_that_failed_is_replaced_by_other_work(latest, qtbot):
    def refused(_report):
        raise ValueError("no")

    reasons, found = [], []
    first = latest.start(refused)
    first.failed.connect(reasons.append)
    ended(first, qtbot)
    latest.start(lambda _report: 2).done.connect(found.append)
    qtbot.waitUntil(lambda: (reasons, found) == (["no"], [2]))


def test_of_two_only_the_later_one_is_reported(latest, qtbot):
    go_on, found = Event(), []

    def slow(_report):
        go_on.wait(60)
        return 1

    latest.start(slow).done.connect(found.append)
    latest.start(lambda _report: 2).done.connect(found.append)
    go_on.set()
    qtbot.waitUntil(lambda: found == [2])
    latest.give_up()
