"""The field: partners, postings, matches and introductions, without Flask, environment or a clock of its own."""
