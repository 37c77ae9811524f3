"""How random examples are drawn: the same few in every run, many others with --long."""

from hypothesis import settings

LONG_FACTOR = 50  # of the examples of every run

long = False


def drawn(count, **more):
    """Return the settings of Hypothesis to draw `count` examples in every run."""
    number = count * LONG_FACTOR if long else count
    fixed = {"derandomize": not long, "database": None, "deadline": None}
    return settings(max_examples=number, **fixed, **more)
