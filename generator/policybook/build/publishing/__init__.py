"""Files are written into a new folder, which then replaces the site, and is measured."""
