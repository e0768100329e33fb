"""What `make soak` does for hours: attacks on the program, in parts that can be resumed."""
