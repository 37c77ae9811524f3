"""Reading tables and writing files safely, without any knowledge of a run.

Imports `sim.settings` at most.
"""
