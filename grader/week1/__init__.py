"""Week 1: what belongs to the whole week."""
