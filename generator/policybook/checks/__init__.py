"""The rules over a whole book; each yields findings.

May import `analysis` and what stands above it.
"""
