"""The files of the whole book as data: a SQLite database, lines of JSON, Parquet, checksums."""
