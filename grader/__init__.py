"""Grades the exercises of the course."""
