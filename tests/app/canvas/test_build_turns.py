"""Scenes of lanes are built in turns, and engines go on after the last."""

import threading

from app.canvas.build_turns import BuildTurns


def test_one_scene_is_built_at_a_time_and_the_last_one_says_so():
    went_on, building, most = [], [], []
    turns = BuildTurns(lambda: went_on.append(len(done)))
    done: list[int] = []

    def build(k: int) -> int:
        building.append(k)
        most.append(len(building))
        threading.Event().wait(0.01)
        building.remove(k)
        done.append(k)
        return k

    turns.begin(3)
    threads = [
        threading.Thread(target=turns.take, args=(lambda k=k: build(k),))
        for k in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1, 2]
    assert most == [1, 1, 1]
    assert went_on == [3]


def test_what_is_built_is_returned_and_a_later_scene_is_alone():
    went_on = []
    turns = BuildTurns(lambda: went_on.append(1))
    turns.begin(1)
    assert turns.take(lambda: 7) == 7
    assert turns.take(lambda: 8) == 8  # such as one in another theme
    assert len(went_on) == 2


def test_the_window_waits_until_the_last_scene_is_built():
    turns = BuildTurns()
    assert turns.wait(0.0)  # nothing is to be built
    turns.begin(2)
    turns.take(lambda: None)
    assert not turns.wait(0.0)
    turns.take(lambda: None)
    assert turns.wait(0.0)
