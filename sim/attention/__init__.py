"""What laws of attention are made of: heads, layers, weights, sums over keys.

Imports the sums, masks, masses, weights and perceptrons below; knows no law.
"""
