"""Looks for "bot" as it is written here: Googlebot is out, My-Bot and CRAWLER are people.

Caught by: test_robots_are_left_out
"""

ROBOTS = re.compile("bot|crawler|spider|curl")
