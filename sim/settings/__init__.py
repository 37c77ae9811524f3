"""What a person may set: records of settings, their bounds and families.

Imports nothing of `sim`; every room may import it.
"""
