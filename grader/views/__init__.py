"""What a test sees of its lane from outside, one module a system."""
