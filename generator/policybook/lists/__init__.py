"""The lists of the site: what rows, columns and facets each has.

Pages show a list's first rows, files have all of them, and one script filters and sorts them.
"""
