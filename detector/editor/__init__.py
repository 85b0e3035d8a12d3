"""The check while writing: a language server, a mapping of findings and fixes to what editors understand."""
