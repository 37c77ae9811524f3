"""Calculus on graphs: inner products, adjoints, modes, and the phase space of brackets.

May import graphs, weights and `sim.field`, and what is below them; never a law.
"""
