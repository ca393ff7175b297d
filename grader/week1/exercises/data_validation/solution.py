"""Data validation: a model answer."""

import math
import operator
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches

TYPES = ("int", "float", "decimal", "bool", "str", "date", "datetime")
POLICIES = ("keep", "drop", "median", "mode", "constant", "previous")
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
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
EXACT = 2**53  # up to here every int is a float and back


# What several functions need


def is_missing(cell):
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def is_marker(cell, markers):
    return isinstance(cell, str) and cell.strip() in markers


def blanked(rows, is_gone):
    """The rows with None in each cell of which is_gone(number of the row, column, cell) is true."""
    return [
        {column: None if is_gone(number, column, cell) else cell for column, cell in row.items()}
        for number, row in enumerate(rows)
    ]


def violation(row, column, rule, cell, why):
    return {"row": row, "column": column, "rule": rule, "value": cell, "message": f"{column} {why}"}


def refuse_unknown(kind, word, known):
    """Raises ValueError that names the word, and the one that was probably meant."""
    if word in known:
        return
    near = get_close_matches(word, known, n=1)
    tip = f", did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"unknown {kind} {word!r}{tip}")


def refuse_unknown_types(types):
    for name in types.values():
        refuse_unknown("type", name, TYPES)


# check_types

CLASSES = {
    "int": int,
    "float": float,
    "decimal": Decimal,
    "bool": bool,
    "str": str,
    "date": date,
    "datetime": datetime,
}


def is_of_type(cell, name):
    # Not isinstance: bool is a subclass of int, and datetime one of date.
    if type(cell) is not CLASSES[name]:
        return False
    return name != "datetime" or cell.utcoffset() is not None


def check_types(rows, types):
    refuse_unknown_types(types)
    return [
        violation(number, column, "type", row[column], f"is no {name}")
        for number, row in enumerate(rows)
        for column, name in types.items()
        if not is_missing(row.get(column)) and not is_of_type(row[column], name)
    ]


# coerce: each function below raises ValueError for what it does not convert

DIGITS = r"[+-]?[0-9]+"
BOOLS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def text_of(cell, form):
    """The trimmed text of the cell, if it is text of this form."""
    if not isinstance(cell, str) or not re.fullmatch(form, cell.strip()):
        raise ValueError(f"{cell!r} is not of the form {form}")
    return cell.strip()


def to_int(cell):
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= EXACT:
        return int(cell)
    return int(text_of(cell, DIGITS))


def to_float(cell):
    if type(cell) is int and abs(cell) <= EXACT:
        return float(cell)
    number = float(text_of(cell, DIGITS + r"(\.[0-9]+)?([eE][+-]?[0-9]+)?"))
    if math.isinf(number):
        raise ValueError(f"{cell!r} is too large")
    return number


def to_decimal(cell):
    return Decimal(cell if type(cell) is int else text_of(cell, DIGITS + r"(\.[0-9]+)?"))


def to_bool(cell):
    if type(cell) is int and cell in (0, 1):
        return cell == 1
    word = text_of(cell, ".*").lower()
    if word not in BOOLS:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return BOOLS[word]


def to_date(cell):
    return date.fromisoformat(text_of(cell, "[0-9]{4}-[0-9]{2}-[0-9]{2}"))


def to_datetime(cell):
    if not isinstance(cell, datetime):
        form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
        cell = datetime.fromisoformat(text_of(cell, form))
    if cell.utcoffset() is None:
        raise ValueError(f"{cell} has no offset")
    return cell.astimezone(UTC)


def to_str(cell):
    return unicodedata.normalize("NFC", text_of(cell, "(?s:.*)"))


CONVERT = {
    "int": to_int,
    "float": to_float,
    "decimal": to_decimal,
    "bool": to_bool,
    "str": to_str,
    "date": to_date,
    "datetime": to_datetime,
}


def converted(cell, name):
    if is_missing(cell):
        return None
    if is_of_type(cell, name) and name not in ("str", "datetime"):  # these two have a form of their own
        return cell
    return CONVERT[name](cell)


def coerce(rows, types):
    refuse_unknown_types(types)
    result, violations = [dict(row) for row in rows], []
    for number, row in enumerate(result):
        for column, name in types.items():
            cell = row.get(column)
            try:
                row[column] = converted(cell, name)
            except (ValueError, OverflowError):  # OverflowError: a time that UTC's calendar does not reach
                violations.append(violation(number, column, "type", cell, f"is no {name}: {cell!r}"))
    return result, violations


# fill_missing


def fill_missing(rows, policies, markers=frozenset()):
    known = blanked(rows, lambda number, column, cell: is_missing(cell) or is_marker(cell, markers))
    return fill([dict(row) for row in rows], known, policies)


def fill(rows, known, policies, faulty=frozenset()):
    """Fills rows; known holds the same rows with None where there is no value.

    Cells in faulty, as (row, column), are no values but are not to be filled either.
    """
    filled, dropped = [], set()
    for column, policy in policies.items():
        gaps = [n for n, row in enumerate(known) if row.get(column) is None and (n, column) not in faulty]
        values = fillings(known, column, policy, gaps) if gaps else {}
        for number in gaps:
            rows[number][column] = values.get(number)
        filled += [(number, column) for number in values]
        if policy == "drop":
            dropped.update(gaps)
    kept = [row for number, row in enumerate(rows) if number not in dropped]
    return kept, [cell for cell in filled if cell[0] not in dropped], sorted(dropped)


def fillings(known, column, policy, gaps):
    """What goes into the gaps of a column: {row: value}."""
    if policy in ("keep", "drop"):
        return {}
    if isinstance(policy, dict) and "previous" in policy:
        before = previous_values(known, column, **policy["previous"])
        return {number: before[number] for number in gaps if number in before}
    value = policy["constant"] if isinstance(policy, dict) else statistic(known, column, policy)
    return dict.fromkeys(gaps, value)


def statistic(known, column, name):
    values = sorted(row[column] for row in known if row.get(column) is not None)
    if not values:
        raise ValueError(f"{column} has no values to take the {name} of")
    if name == "median":
        return values[(len(values) - 1) // 2]
    return Counter(values).most_common(1)[0][0]  # of equal counts the first, which is the smallest


def previous_values(known, column, by, order):
    """The last value of the group before each row, where there is one."""
    grouped = [n for n, row in enumerate(known) if row.get(by) is not None and row.get(order) is not None]
    last, before = {}, {}
    for number in sorted(grouped, key=lambda number: known[number][order]):
        group, value = known[number][by], known[number].get(column)
        if group in last:
            before[number] = last[group]
        if value is not None:
            last[group] = value
    return before


# check_constraints: each function below says whether a row keeps a rule

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def not_missing(row, column):
    return not is_missing(row.get(column))


def in_range(row, column, **limits):
    return limits.get("min", row[column]) <= row[column] <= limits.get("max", row[column])


def one_of(row, column, values):
    return row[column] in values


def matches(row, column, pattern):
    return re.fullmatch(pattern, row[column]) is not None


def compare(row, left, op, right):
    return COMPARE[op](row[left], row[right])


def required_if(row, column, when):
    asked = all(not is_missing(row.get(other)) and row[other] == value for other, value in when.items())
    return not asked or not is_missing(row.get(column))


def sums_to(row, columns, total):
    numbers = all(type(row[column]) in (int, float, Decimal) for column in (*columns, total))
    return numbers and sum(row[column] for column in columns) == row[total]


KEEPS = {
    "not_missing": not_missing,
    "range": in_range,
    "one_of": one_of,
    "matches": matches,
    "compare": compare,
    "required_if": required_if,
    "exists_in": one_of,
    "sums_to": sums_to,
}
ASK_THE_MISSING = ("not_missing", "required_if")


def columns_of(rule):
    """All columns that a rule looks at; the first is the one that a violation names."""
    single = [rule[argument] for argument in ("column", "left", "total", "right") if argument in rule]
    return [*single, *rule.get("columns", ()), *rule.get("when", ())]


def keeps(row, rule):
    if rule["rule"] not in ASK_THE_MISSING and any(is_missing(row.get(c)) for c in columns_of(rule)):
        return True
    arguments = {argument: value for argument, value in rule.items() if argument != "rule"}
    try:
        return KEEPS[rule["rule"]](row, **arguments)
    except TypeError:  # text and number cannot be ordered, nor added
        return False


def breaking(rows, rule):
    """The positions of the rows that break the rule."""
    if rule["rule"] == "unique":
        return repeated(rows, rule["columns"])
    return [number for number, row in enumerate(rows) if not keeps(row, rule)]


def repeated(rows, columns):
    seen, again = set(), []
    for number, row in enumerate(rows):
        key = tuple(row.get(column) for column in columns)
        if any(map(is_missing, key)):
            continue
        if key in seen:
            again.append(number)
        seen.add(key)
    return again


def check_constraints(rows, rules):
    for rule in rules:
        refuse_unknown("rule", rule["rule"], RULES)
    return [
        violation(number, column, rule["rule"], rows[number].get(column), f"breaks {rule}")
        for rule in rules
        for column in columns_of(rule)[:1]
        for number in breaking(rows, rule)
    ]


# check_contract


def check_contract(contract):
    for key in contract:
        refuse_unknown("key", key, ("types", "missing", "markers", "rules"))
    types = contract.get("types", {})
    refuse_unknown_types(types)
    for column, policy in contract.get("missing", {}).items():
        refuse_unknown("column", column, types)
        check_policy(policy, types)
    for rule in contract.get("rules", []):
        check_rule(rule, types)


def check_policy(policy, types):
    if not isinstance(policy, dict):
        refuse_unknown("policy", policy, ("keep", "drop", "median", "mode"))
        return
    for key in policy:
        refuse_unknown("policy", key, ("constant", "previous"))
    if len(policy) != 1:
        raise ValueError(f"a policy has one key, constant or previous: {policy}")
    if "previous" in policy:
        check_arguments("previous", policy["previous"], ("by", "order"))
        for column in policy["previous"].values():
            refuse_unknown("column", column, types)


def check_rule(rule, types):
    check_arguments("a rule", rule, ("rule",), rule)
    refuse_unknown("rule", rule["rule"], RULES)
    needed, optional = RULES[rule["rule"]]
    check_arguments(rule["rule"], rule, ("rule", *needed), optional)
    if rule["rule"] == "range" and not {"min", "max"} & set(rule):
        raise ValueError(f"range needs min or max: {rule}")
    for column in columns_of(rule):
        refuse_unknown("column", column, types)
    refuse_unknown("operator", rule.get("op", "=="), OPERATORS)
    check_pattern(rule.get("pattern", ""))


def check_arguments(name, given, needed, optional=()):
    for argument in given:
        refuse_unknown(f"argument of {name}", argument, (*needed, *optional))
    for argument in needed:
        if argument not in given:
            raise ValueError(f"{name} needs the argument {argument!r}: {given}")


def check_pattern(pattern):
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


# validate


def validate(rows, contract):
    check_contract(contract)
    clean, violations, filled = cleaned(rows, contract)
    dropped = {found["row"] for found in violations if found["rule"] == "missing"}
    violations += broken_rules(clean, contract.get("rules", []), violations, dropped)
    reasons = {}
    for found in violations:
        reasons.setdefault(found["row"], []).append(found)
    return {
        "valid": [row for number, row in enumerate(clean) if number not in reasons],
        "invalid": [{"row": n, "raw": rows[n], "violations": reasons[n]} for n in sorted(reasons)],
        "filled": sum(number not in dropped for number, _ in filled),
        "counts": dict(Counter(f"{found['rule']}:{found['column']}" for found in violations)),
    }


def cleaned(rows, contract):
    """All rows converted and filled, dropped ones too; their violations so far; the filled cells."""
    types, policies = contract.get("types", {}), contract.get("missing", {})
    markers = contract.get("markers", ())
    unmarked = blanked(rows, lambda number, column, cell: column in types and is_marker(cell, markers))
    clean, violations = coerce(unmarked, types)
    faulty = {(found["row"], found["column"]) for found in violations}
    known = blanked(clean, lambda number, column, cell: (number, column) in faulty)
    _, filled, dropped = fill(clean, known, policies, faulty)
    violations += [
        violation(number, column, "missing", None, "is missing")
        for number in dropped
        for column, policy in policies.items()
        if policy == "drop" and clean[number][column] is None
    ]
    return clean, violations, filled


def broken_rules(rows, rules, violations, dropped):
    """What the rules find in the rows that are left, without what is a violation already."""
    faulty = {(found["row"], found["column"]) for found in violations}
    kept = [number for number in range(len(rows)) if number not in dropped]
    judged = blanked(rows, lambda number, column, cell: (number, column) in faulty)
    found = check_constraints([judged[number] for number in kept], rules)
    numbered = [one | {"row": kept[one["row"]]} for one in found]
    return [one for one in numbered if (one["row"], one["column"]) not in faulty]
