"""Many runs of one scenario over ranges of its settings, on all processors.

May import every room of `sim` but `sim.__main__`.
"""
