"""Turns come in the order in which they were asked for, and one who stops waiting holds up nobody."""

import threading

from mingjing.kernel.turns import Turns


def _waiters(turns: Turns) -> int:
    return len(turns._waiting)


def _queued(turns: Turns, name: str, served: list[str]) -> threading.Thread:
    before = _waiters(turns)

    def stand() -> None:
        assert turns.take(30)
        served.append(name)
        turns.give()

    thread = threading.Thread(target=stand)
    thread.start()
    while _waiters(turns) == before:
        pass
    return thread


def test_first_come_first_served() -> None:
    turns, served = Turns(), list[str]()
    assert turns.take(0)
    threads = [_queued(turns, name, served) for name in "abcdef"]
    turns.give()
    for thread in threads:
        thread.join(30)
    assert served == list("abcdef")
    assert turns.take(0)


def test_one_who_stops_waiting_is_passed_over() -> None:
    turns, served = Turns(), list[str]()
    assert turns.take(0)
    assert not turns.take(0.01)
    thread = _queued(turns, "a", served)
    turns.give()
    thread.join(30)
    assert served == ["a"]
    assert turns.take(0)
