"""Compiled loops over vectors, the threads that run them, and the memory they use.

May import `sim.arrays` and nothing else of `sim`.  llvmlite is optional: `missing` says
why nothing can be compiled, and whoever uses kernels asks first.
"""
