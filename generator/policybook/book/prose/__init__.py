"""Sentences made from data: about a policy, about a change, and about the book itself.

May import `analysis` and what stands above it.
"""
