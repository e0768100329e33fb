"""The checks of a whole book; each is a generator of errors and warnings.

May import `analysis` and what stands above it.
"""
