"""Material in a book: its templates and settings, and the content security policy of pages.

May import `mkdocs_plugin.config_file`, `mkdocs_plugin.user_code` and the packages above.
"""
