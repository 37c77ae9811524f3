"""Commands without a window, for both entry points.

Each command imports what it needs when it runs, so that ``--help`` needs no NumPy.

May import every room of `sim` but `sim.sweeps`, `sim.engine` and `sim.__main__`.
"""
