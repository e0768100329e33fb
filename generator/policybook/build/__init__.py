"""Building the site: planning, incremental builds, atomic publishing, size report.

May import `output` and the packages above it.
"""
