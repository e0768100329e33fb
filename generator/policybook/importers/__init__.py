"""Policies and their history from elsewhere: each importer yields records, one writer makes data.

May import `data` and what stands above it.
"""
