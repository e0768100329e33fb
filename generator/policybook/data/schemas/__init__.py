"""What editors know of the data files: their JSON Schemas, and which file has which."""
