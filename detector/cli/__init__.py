"""The command line: each command parses, then calls a plain function."""
