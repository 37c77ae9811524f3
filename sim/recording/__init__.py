"""A whole run written to a folder, and the times at which clusters merge.

May import the simulation, the recorders, theory, and what is below them.
"""
