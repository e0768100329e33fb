"""The plugin, the theme and the commands of MkDocs: the only package that imports it.

May import `build` and what stands above it.
"""
