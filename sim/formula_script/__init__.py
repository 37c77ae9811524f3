"""The formula of a run as a program of its own: what "Copy formula as Python" copies.

It runs with NumPy alone, unless its numbers are too many to print: then this package
makes them.  May import the formula, where tokens begin, and what those may.
"""

from sim.formula_script.given import half_layer, numbers_of
from sim.formula_script.script import script

__all__ = ["half_layer", "numbers_of", "script"]
