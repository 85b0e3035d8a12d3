"""What several reports share: words, diffs, places, dates, records."""
