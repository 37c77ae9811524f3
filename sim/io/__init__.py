"""Reading tables and writing files safely; nothing here needs a running simulation.

Imports `sim.settings` and `sim.array_types` at most.
"""
