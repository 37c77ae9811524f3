"""Threads in a row: order, bounds, and what happens when one side fails."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from app.export.pipeline import ahead, behind


class OwnError(Exception):
    """Raised by one side."""


def counted(n, made):
    for k in range(n):
        made.append(k)
        yield k


def test_items_come_in_order_and_from_another_thread():
    threads = set()

    def source():
        for k in range(50):
            threads.add(threading.current_thread().name)
            yield k

    with ahead(source(), 3) as coming:
        assert list(coming) == list(range(50))
    assert threads == {"ahead"}


def test_what_is_computed_ahead_is_bounded():
    made = []
    with ahead(counted(100, made), 3) as coming:
        assert next(coming) == 0
        time.sleep(0.05)
        assert len(made) <= 5  # one taken, three that wait, one that finds no room


def test_a_reader_that_leaves_ends_the_computing():
    made = []
    with pytest.raises(OwnError), ahead(counted(10_000, made), 3) as coming:
        next(coming)
        raise OwnError
    n = len(made)
    time.sleep(0.02)
    assert len(made) == n < 10


def test_an_error_ahead_is_raised_by_the_reader():
    def source():
        yield 1
        raise OwnError

    with ahead(source(), 3) as coming, pytest.raises(OwnError):
        list(coming)


def test_all_items_are_used_before_the_end():
    used = []

    def use(items):
        for item in items:
            time.sleep(0.001)
            used.append(item)

    with behind(use, 2) as hand_over:
        for k in range(20):
            hand_over(k)
            assert k - len(used) <= 3  # two that wait, one in use
    assert used == list(range(20))


def test_an_error_behind_reaches_the_caller():
    def use(items):
        next(items)
        raise OwnError

    with pytest.raises(OwnError), behind(use, 1) as hand_over:
        for k in range(100):
            hand_over(k)


def test_an_error_behind_after_the_last_item_reaches_the_caller():
    def use(items):
        list(items)
        raise OwnError

    with pytest.raises(OwnError), behind(use, 9) as hand_over:
        hand_over(1)


def test_an_error_of_the_caller_reaches_what_is_behind():
    seen = []

    def use(items):
        try:
            list(items)
        except OwnError:
            seen.append("cleaned up")
            raise

    with pytest.raises(OwnError), behind(use, 1) as hand_over:
        hand_over(1)
        raise OwnError
    assert seen == ["cleaned up"]


def test_nothing_runs_on_after_the_end():
    before = threading.active_count()
    with ExitStack() as stack:
        coming = stack.enter_context(ahead(iter(range(5)), 2))
        hand_over = stack.enter_context(behind(list, 2))
        for item in coming:
            hand_over(item)
    assert threading.active_count() == before
