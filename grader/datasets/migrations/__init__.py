"""Four numbered migrations of a small shop, in the form that the lesson of week 2 describes."""
