"""Takes text as it comes, composed or not.

Caught by: test_another_spelling_is_no_other_fact
"""


def _composed(cell):
    return cell
