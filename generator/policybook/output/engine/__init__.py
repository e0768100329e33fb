"""What the engine in the browser reads: its modules, tables, and the grants of all policies."""
