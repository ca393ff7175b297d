"""Takes text that neither Arrow nor SQLite can store.

Caught by: test_a_value_of_another_type_is_rejected_not_guessed
"""

UNSTORABLE = re.compile("(?!)")
