"""Speed of every stage, as a ratio to bare spaCy tokenisation of the same posts in the same run."""
