"""Reading tables and writing files safely; nothing here needs a running simulation.

May import `sim.settings` and `sim.array_types`.
"""
