"""Arrays of edges: edge lists, incidence operators, sums over segments, triangles.

Imports arrays only; knows no family of graphs.
"""
