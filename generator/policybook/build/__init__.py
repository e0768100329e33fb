"""A site from a plan: incremental builds, publishing in one step, sizes.

May import `output` and what stands above it.
"""
