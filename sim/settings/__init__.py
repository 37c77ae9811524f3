"""Settings: records with bounds and labels, families of parts, and their plain form.

Imports nothing of `sim`; every room may import it.
"""
