"""The one writer: records of all sources merged into the YAML and JSON files of a book.

May import what stands beside it in `importers`, `data`, and what stands above them.
"""
