"""Executors that tests can reason about."""

from concurrent.futures import Executor, Future


class Immediate(Executor):
    """Does what is submitted at once, on the thread that submits it."""

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


class Held(Executor):
    """Does what is submitted when `release` is called."""

    def __init__(self):
        self.held = []

    def submit(self, fn, /, *args, **kwargs):
        self.held.append((Future(), fn, args, kwargs))
        return self.held[-1][0]

    def release(self):
        while self.held:
            future, fn, args, kwargs = self.held.pop(0)
            future.set_result(fn(*args, **kwargs))
