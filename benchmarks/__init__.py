"""Speed, memory and growth of every stage, as ratios to bare spaCy tokenisation of the same posts in the same run."""
