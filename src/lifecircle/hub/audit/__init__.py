"""Who did what, when, from where, and what came of it: appended, sealed in batches, kept a year."""
