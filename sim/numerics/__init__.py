"""Numerical methods that several parts share and that know no physics.

Imports arrays and states only.
"""
