"""Week 1 · Data validation: types, missing values, constraints.

Sign-ups reach Sao Mai from three forms and a call centre. The app sends numbers, the web form sends text, the
spreadsheet of the shops makes 34 a 34.0, and the call centre types "N/A" when a customer did not say. A
contract decides what may enter. What may not must come back with every reason at once, so that the form can
be corrected. Look at week1/data/signups.jsonl.

Words of this exercise:

- Rows are dicts, column name to cell. A cell is None, bool, int, float, Decimal, str, date or datetime.
- A cell is missing if it is None, a float NaN or blank text (nothing is left after `str.strip()`), or if the
  row has no such key. 0, False and "0" are values.
- Trimmed is what `str.strip()` leaves. Digits are 0 to 9 and no others: "١٢" has none.
- A violation is a dict with these keys: "row" is the position of the row in the input, from 0 on; "column" is
  the name of the column; "rule" is the name of the rule; "value" is the cell, None if the row has no such
  key; "message" is a text for people that names the column. Lists of violations are in any order.
- A function never changes its arguments: not the list, not the rows.

Run: pytest week1/exercises/data_validation.py
"""

TYPES = ("int", "float", "decimal", "bool", "str", "date", "datetime")
POLICIES = ("keep", "drop", "median", "mode", "constant", "previous")
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
# rule: (the arguments that it needs, the arguments that it may have)
RULES = {
    "not_missing": (("column",), ()),
    "range": (("column",), ("min", "max")),
    "one_of": (("column", "values"), ()),
    "matches": (("column", "pattern"), ()),
    "unique": (("columns",), ()),
    "compare": (("left", "op", "right"), ()),
    "required_if": (("column", "when"), ()),
    "exists_in": (("column", "values"), ()),
    "sums_to": (("columns", "total"), ()),
}


def check_types(rows: list[dict], types: dict[str, str]) -> list[dict]:
    """Find the cells that are not of the type of their column. Strict: nothing is converted.

    `types` is column to name of a type (see TYPES). Other columns of the rows are not looked at. Each cell
    that is neither missing nor of its type is one violation of the rule "type".

    - "int": True and False are no ints, 3.0 is none. "float": 3 is none. "bool": 0 and 1 are none.
    - "decimal" is a decimal.Decimal, "str" is text.
    - "date": a datetime is no date. "datetime": only an aware one, with its offset to UTC; a naive one is
      none.

    Raises ValueError that names the type if `types` has a name that is not in TYPES, also if there are no
    rows.

    >>> found = check_types([{"age": 34}, {"age": True}, {"age": None}, {}], {"age": "int"})
    >>> [(v["row"], v["column"], v["rule"], v["value"]) for v in found]
    [(1, 'age', 'type', True)]
    """
    raise NotImplementedError("week1/exercises/data_validation.py: check_types")


def coerce(rows: list[dict], types: dict[str, str]) -> tuple[list[dict], list[dict]]:
    """Convert cells to the type of their column, but only where nothing is lost. Returns (rows, violations).

    The rows that come back are as many as the input, in the same order. They have every column of `types` (as
    in check_types): a missing cell and an absent key become None. Columns that are not in `types` stay as
    they are. A cell that is of its type already, as check_types sees it, stays as it is; only text and
    datetimes are put into one form (see str and datetime). Any other cell is converted if it is in this list.
    Text is trimmed first, and the regular expressions are for the whole of it.

    - int: from text `[+-]?[0-9]+`; from a float without a fraction from -2**53 to 2**53, both included.
    - float: from an int from -2**53 to 2**53, both included; from text
      `[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?` if the number is finite ("1e999" is not).
    - decimal: from text `[+-]?[0-9]+([.][0-9]+)?`; from an int. Never from a float: it has lost the exact
      value.
    - bool: from the texts true, yes, 1 and false, no, 0, their ASCII letters in any case ("No", "NO"); and
      from the ints 1 and 0.
    - date: from text YYYY-MM-DD that is a day of the calendar.
    - datetime: from text YYYY-MM-DDTHH:MM:SS followed by Z or an offset like +07:00 or -03:30. Every datetime
      comes out in UTC, also one that was a datetime before. One that has no UTC time within the years 1 to
      9999 is a violation, as text and as datetime: 0001-01-01T00:00:00+07:00.
    - str: from text only, and it comes out trimmed and in Unicode NFC. A number is not made text: the zeros
      of a phone number that arrives as 912345678 are lost already.

    Whatever is not in this list is not converted: True is no int here either, and a date is no datetime. Such
    a cell is one violation of the rule "type" and keeps its value, untrimmed. No cell makes coerce raise.
    Raises ValueError for an unknown type, as check_types does.

    >>> rows, violations = coerce([{"age": " 34 ", "note": 1}, {"age": "1_000"}], {"age": "int"})
    >>> rows
    [{'age': 34, 'note': 1}, {'age': '1_000'}]
    >>> [(v["row"], v["column"], v["rule"], v["value"]) for v in violations]
    [(1, 'age', 'type', '1_000')]
    """
    raise NotImplementedError("week1/exercises/data_validation.py: coerce")


def fill_missing(
    rows: list[dict], policies: dict[str, object], markers: set[str] = frozenset()
) -> tuple[list[dict], list[tuple[int, str]], list[int]]:
    """Treat missing cells, column by column. Returns (rows, filled cells, dropped rows).

    In this function text that, trimmed, is one of `markers` ("N/A", "-") is missing too, in every column. A
    value is a cell that is not missing. `policies` says what happens to the missing cells of a column:

    - "keep": they stay missing.
    - "drop": the row is dropped; it does not come back.
    - {"constant": v}: v is filled in. It is a value, never None or blank text.
    - "median": the median of the column's values. With an even number of values the lower one of the middle
      two, so that an int stays an int. The values can be compared with each other.
    - "mode": the most frequent value of the column; of several the smallest.
    - {"previous": {"by": column, "order": column}}: the last value before it in its group. A group is the
      rows with the same cell in `by`. Within it rows follow each other by the cell in `order`, ascending;
      where these are equal, as in the input. A missing cell with no value before it in its group is not
      filled. A row whose `by` or `order` is missing belongs to no group: it is not filled, and no other is
      filled from it.

    Medians, modes and previous values are those of the input: all its rows, also those that are dropped, and
    no cell that was filled. So the order of `policies` does not matter.

    The rows that come back are in the order of the input. In a column with a policy what is still missing is
    None, also where the key was absent. A column without a policy stays as it is. The second result are the
    cells that were filled, as (position of the row in the input, column), without those of dropped rows; the
    third the positions in the input of the dropped rows. Both in any order.

    Raises ValueError that names the column if it is to be filled by "median" or "mode" and has missing cells
    but no value. No other policies come here: check_contract sees to that.

    >>> fill_missing([{"age": 20}, {"age": "N/A"}, {"age": 30}, {"id": 9}], {"age": "median"}, {"N/A"})
    ([{'age': 20}, {'age': 20}, {'age': 30}, {'id': 9, 'age': 20}], [(1, 'age'), (3, 'age')], [])
    """
    raise NotImplementedError("week1/exercises/data_validation.py: fill_missing")


def check_constraints(rows: list[dict], rules: list[dict]) -> list[dict]:
    """Find all violations of all rules, not only the first: one for each rule and row that breaks it.

    A rule is {"rule": name, argument: value, …}, for example {"rule": "range", "column": "age", "min": 16}.
    With these arguments (RULES has them as a table) it asks of each row:

    - not_missing(column): the cell is not missing.
    - range(column, min, max): the cell is not below min and not above max. One of the two may be left out.
    - one_of(column, values): the cell is equal to one of the list `values`.
    - matches(column, pattern): the cell is text, and the regular expression fits the whole of it, as it
      stands.
    - unique(columns): no earlier row has the same cells in all these columns. So of equal rows all but the
      first violate the rule.
    - compare(left, op, right): the cells of the columns `left` and `right` compare so; op is one of
      OPERATORS.
    - required_if(column, when): `when` is {column: value, …}. If each of these cells is equal to its value,
      the cell of `column` is not missing. A missing cell equals nothing, not even None.
    - exists_in(column, values): the same as one_of, for reference data: `values` is a list and may be long.
    - sums_to(columns, total): the cells of the list `columns` and of the column `total` are numbers (True and
      False are none), and the sum of `columns` is equal to `total`.

    A missing cell satisfies a rule, as NULL does in SQL: a row in which any cell that the rule looks at is
    missing does not violate it (and for unique it is not compared with others). The exceptions are
    not_missing, and the `column` of required_if. Cells that cannot be ordered or added, such as text and a
    number, violate the rule; they never make this function raise. For == and != Python's answer counts: "1"
    and 1 are not equal.

    The "column" of a violation is the rule's `column`; for unique the first of `columns`, for compare `left`,
    for sums_to `total`. Its "value" is the cell in that column.

    Raises ValueError that names the rule if it is not in RULES, also if there are no rows. Everything else
    about the rules is sound here: check_contract sees to that.

    >>> rules = [{"rule": "range", "column": "age", "min": 16}, {"rule": "not_missing", "column": "name"}]
    >>> found = check_constraints([{"name": "Mai", "age": 16}, {"name": " ", "age": 7}], rules)
    >>> sorted((v["row"], v["column"], v["rule"], v["value"]) for v in found)
    [(1, 'age', 'range', 7), (1, 'name', 'not_missing', ' ')]
    """
    raise NotImplementedError("week1/exercises/data_validation.py: check_constraints")


def check_contract(contract: dict) -> None:
    """Refuse a contract with a mistake in it. A misspelt rule must not be a rule that everything passes.

    A contract is plain data and could stand in a YAML file:

        {"types": {column: type}, "missing": {column: policy}, "markers": [text], "rules": [rule]}

    Types, policies, markers and rules are those of the functions above. A key that is left out is the same as
    an empty one. A sound contract returns None. These mistakes are a ValueError:

    1. A key of the contract, a type, a policy, a rule or an operator that there is not. A policy that is a
       dict has exactly one key, "constant" or "previous".
    2. An argument that a rule needs and does not have, or has and does not know. "rule" itself is needed, and
       a range needs min or max, or both. In the same way {"previous": …} needs "by" and "order" and knows no
       other.
    3. A `pattern` that is no regular expression.
    4. A column that is not in types: in `missing`, in `by` and `order`, and in the arguments column, columns,
       left, right, total and when (its keys).

    The message names the word that is wrong: the unknown word, the argument that is not there (for range
    "min"), or the pattern. If it is an unknown word and a valid one is near it, the message names that too:
    the nearest that difflib.get_close_matches finds among the words that could stand in its place. For a
    policy that is text these are keep, drop, median and mode ("constant" and "previous" are keys of a dict; as
    text they are a mistake); for an argument "rule" and those that RULES has for this rule; for a column those
    in types. Of several mistakes only one need be reported. Other things, such as the values of constants and
    limits, are not looked at.

    >>> check_contract({"types": {"age": "int"}, "rules": [{"rule": "not_missing", "column": "age"}]})
    >>> check_contract({"types": {"age": "int"}, "rules": [{"rule": "not_mising", "column": "age"}]})
    Traceback (most recent call last):
    ValueError: unknown rule 'not_mising', did you mean 'not_missing'?
    """
    raise NotImplementedError("week1/exercises/data_validation.py: check_contract")


def validate(rows: list[dict], contract: dict) -> dict:
    """Apply a contract (see check_contract) to a batch: what may enter, and what may not with every reason.

    1. check_contract comes first: a contract with a mistake is its ValueError, also if there are no rows.
    2. In the columns of `types` text that, trimmed, is one of `markers` is missing from here on: "N/A" is no
       wrong number, it is no number.
    3. Cells are converted as by coerce.
    4. Missing cells are treated as by fill_missing, without markers: step 2 has seen to them. Its ValueError
       goes out too.
    5. The rules are checked as by check_constraints, on the rows that were not dropped. A dropped row is not
       even compared by unique.

    Returns {"valid": …, "invalid": …, "filled": …, "counts": …}:

    - "valid": the rows without a violation, converted and filled, in the order of the input.
    - "invalid": the others as {"row": position in the input, "raw": the row as it came, "violations": list},
      in the order of the input. Every row of the input is in exactly one of the two lists. The violations are
      those of coerce and check_constraints ("value" is the cell as it was checked), and for a dropped row
      also one of the rule "missing" for each cell that is missing in a column with the policy "drop", with
      the "value" None. "row" is always the position in the rows that validate was given.
    - "filled": how many cells were filled, in valid and in invalid rows, but without those of dropped rows.
    - "counts": {"rule:column": how many violations}, for example {"range:age": 2}. No entry for what did not
      happen.

    One fault is reported once: after its violation of "type" a cell is neither a value nor missing. It is not
    filled, drops no row, counts for no median and no mode, and is no previous value (nor `by` nor `order` of
    one). A rule that looks at it is satisfied by that row, also not_missing and required_if.

    >>> contract = {"types": {"age": "int"}, "markers": ["-"], "missing": {"age": "median"},
    ...             "rules": [{"rule": "range", "column": "age", "min": 16}]}
    >>> rows = [{"age": "34"}, {"age": " - "}, {"age": "ten"}, {"age": "7"}, {"age": "35"}]
    >>> result = validate(rows, contract)
    >>> result["valid"], result["filled"], result["counts"]
    ([{'age': 34}, {'age': 34}, {'age': 35}], 1, {'type:age': 1, 'range:age': 1})
    >>> [(entry["row"], entry["raw"]) for entry in result["invalid"]]
    [(2, {'age': 'ten'}), (3, {'age': '7'})]
    """
    raise NotImplementedError("week1/exercises/data_validation.py: validate")
