"""Calculus on graphs: inner products, adjoints, modes, and the phase space of brackets.

Imports graphs and weights below; knows no law.
"""
