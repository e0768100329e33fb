"""Pages as HTML: templates, links between pages, the theme's frame.

May import `pages` and the packages above it.
"""
