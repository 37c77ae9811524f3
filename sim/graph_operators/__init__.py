"""Operators on the edges of a graph: segment sums, incidence, arcs, triangles.

May import `sim.arrays` and what is below it; never a family of graphs.
"""
