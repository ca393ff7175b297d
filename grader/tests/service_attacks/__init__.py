"""Answers that attack the servers of their tests. Each earns nothing, harms nobody, and is the student's own fault."""
