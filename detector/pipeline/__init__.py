"""spaCy components: disclaimers, passages, recommendations."""
