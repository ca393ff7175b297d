"""Data validation with loops and one long function a step, as one writes it from the docstrings alone."""
# ruff: noqa: PLR0912

import difflib
import math
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

TYPES = ("int", "float", "decimal", "bool", "str", "date", "datetime")
RULES = {
    "not_missing": (["column"], []),
    "range": (["column"], ["min", "max"]),
    "one_of": (["column", "values"], []),
    "matches": (["column", "pattern"], []),
    "unique": (["columns"], []),
    "compare": (["left", "op", "right"], []),
    "required_if": (["column", "when"], []),
    "exists_in": (["column", "values"], []),
    "sums_to": (["columns", "total"], []),
}


def missing(cell):
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or (isinstance(cell, str) and cell.strip() == "")


def has_type(cell, name):
    if isinstance(cell, bool):
        return name == "bool"
    if isinstance(cell, datetime):
        return name == "datetime" and cell.tzinfo is not None and cell.utcoffset() is not None
    known = {"int": int, "float": float, "decimal": Decimal, "str": str, "date": date}
    return name in known and isinstance(cell, known[name])


def check_types(rows, types):
    for name in types.values():
        if name not in TYPES:
            raise ValueError(f"there is no type {name}")
    found = []
    for i in range(len(rows)):
        for column in types:
            cell = rows[i].get(column)
            if not missing(cell) and not has_type(cell, types[column]):
                message = f"row {i}: {column} should be {types[column]}"
                found.append({"row": i, "column": column, "rule": "type", "value": cell, "message": message})
    return found


NOTHING = object()


def convert(cell, name):
    """The converted cell, or NOTHING."""
    text = cell.strip() if isinstance(cell, str) else None
    if name == "str":
        return NOTHING if text is None else unicodedata.normalize("NFC", text)
    if name == "datetime" and has_type(cell, "datetime"):
        return cell.astimezone(UTC)
    if has_type(cell, name):
        return cell
    number = type(cell) is int
    if name == "int":
        if text and re.fullmatch(r"[+-]?[0-9]+", text):
            return int(text)
        if isinstance(cell, float) and -(2**53) <= cell <= 2**53 and cell == int(cell):
            return int(cell)
    elif name == "float":
        if number and -(2**53) <= cell <= 2**53:
            return float(cell)
        if text and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text) and abs(float(text)) < float("inf"):
            return float(text)
    elif name == "decimal":
        if number or (text and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text)):
            return Decimal(cell if number else text)
    elif name == "bool":
        if number and cell in (0, 1):
            return bool(cell)
        if text and text.lower() in ("true", "yes", "1", "false", "no", "0"):
            return text.lower() in ("true", "yes", "1")
    elif name == "date":
        if text and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.strptime(text, "%Y-%m-%d").date()
    elif text and re.fullmatch("[0-9-]{10}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})", text):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    return NOTHING


def coerce(rows, types):
    check_types([], types)
    result, found = [], []
    for i, row in enumerate(rows):
        new = {**row}
        for column, name in types.items():
            cell = row.get(column)
            if missing(cell):
                new[column] = None
                continue
            try:
                value = convert(cell, name)
            except (ValueError, OverflowError):
                value = NOTHING
            if value is NOTHING:
                message = f"row {i}: {column} cannot become {name}"
                found.append({"row": i, "column": column, "rule": "type", "value": cell, "message": message})
                value = cell
            new[column] = value
        result.append(new)
    return result, found


def fill_missing(rows, policies, markers=frozenset(), wrong=()):
    def gone(row, column):
        cell = row.get(column)
        return missing(cell) or (isinstance(cell, str) and cell.strip() in markers)

    def values(column):
        return [row[column] for i, row in enumerate(rows) if not gone(row, column) and (i, column) not in wrong]

    dropped = {
        i for i, row in enumerate(rows) for column, policy in policies.items() if policy == "drop" and gone(row, column)
    }
    result, filled = [], []
    for i, row in enumerate(rows):
        new = {**row}
        for column, policy in policies.items():
            if not gone(row, column):
                continue
            value = None
            if policy in ("median", "mode"):
                known = sorted(values(column))
                if not known:
                    raise ValueError(f"no {policy} of {column}: it has no values")
                if policy == "median":
                    value = known[(len(known) - 1) // 2]
                else:
                    value = min(known, key=lambda v, known=known: (-known.count(v), v))
            elif isinstance(policy, dict) and "constant" in policy:
                value = policy["constant"]
            elif isinstance(policy, dict):
                by, order = policy["previous"]["by"], policy["previous"]["order"]

                def usable(j, by=by, order=order):
                    return not any(gone(rows[j], c) or (j, c) in wrong for c in (by, order))

                before = [
                    (rows[j][order], j)
                    for j in range(len(rows))
                    if usable(j)
                    and usable(i)
                    and rows[j][by] == row[by]
                    and (rows[j][order], j) < (row[order], i)
                    and not gone(rows[j], column)
                    and (j, column) not in wrong
                ]
                if before:
                    value = rows[max(before)[1]][column]
            new[column] = value
            if value is not None and i not in dropped:
                filled.append((i, column))
        if i not in dropped:
            result.append(new)
    return result, filled, sorted(dropped)


def breaks(rule, row, earlier):
    name, get = rule["rule"], row.get
    if name == "not_missing":
        return missing(get(rule["column"]))
    if name == "required_if":
        for column, value in rule["when"].items():
            if missing(get(column)) or get(column) != value:
                return False
        return missing(get(rule["column"]))
    if name in ("range", "one_of", "exists_in", "matches"):
        cell = get(rule["column"])
        if missing(cell):
            return False
        if name == "range":
            return ("min" in rule and cell < rule["min"]) or ("max" in rule and cell > rule["max"])
        if name == "matches":
            return not isinstance(cell, str) or not re.fullmatch(rule["pattern"], cell)
        return cell not in rule["values"]
    if name == "compare":
        a, b = get(rule["left"]), get(rule["right"])
        if missing(a) or missing(b):
            return False
        op = rule["op"]
        if op in ("==", "!="):
            return (a == b) != (op == "==")
        return not {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    parts = [get(column) for column in rule["columns"]]
    if any(missing(part) for part in parts):
        return False
    if name == "unique":
        return parts in [[other.get(column) for column in rule["columns"]] for other in earlier]
    total = get(rule["total"])
    if missing(total):
        return False
    if not all(
        isinstance(cell, (int, float, Decimal)) and cell is not True and cell is not False for cell in [*parts, total]
    ):
        return True
    return sum(parts) != total


def check_constraints(rows, rules):
    found = []
    for rule in rules:
        if rule["rule"] not in RULES:
            raise ValueError(f"there is no rule {rule['rule']}")
        column = rule.get("column") or rule.get("left") or rule.get("total") or rule["columns"][0]
        for i, row in enumerate(rows):
            try:
                broken = breaks(rule, row, rows[:i])
            except TypeError:
                broken = True
            if broken:
                message = f"row {i}: {column} breaks {rule['rule']}"
                found.append(
                    {"row": i, "column": column, "rule": rule["rule"], "value": row.get(column), "message": message}
                )
    return found


def known(word, words):
    if word not in words:
        near = difflib.get_close_matches(word, words)
        raise ValueError(f"{word} is unknown. " + (f"Is it {near[0]}?" if near else ""))


def check_contract(contract):
    for key in contract:
        known(key, ["types", "missing", "markers", "rules"])
    types = contract.get("types", {})
    for name in types.values():
        known(name, TYPES)
    for column, policy in contract.get("missing", {}).items():
        known(column, types)
        if isinstance(policy, dict):
            for key in policy:
                known(key, ["constant", "previous"])
            if len(policy) != 1:
                raise ValueError(f"{column}: one of constant and previous")
            if "previous" in policy:
                for key in policy["previous"]:
                    known(key, ["by", "order"])
                for key in ("by", "order"):
                    if key not in policy["previous"]:
                        raise ValueError(f"{column}: previous without {key}")
                    known(policy["previous"][key], types)
        else:
            known(policy, ["keep", "drop", "median", "mode"])
    for rule in contract.get("rules", []):
        if "rule" not in rule:
            raise ValueError(f"no rule in {rule}")
        known(rule["rule"], RULES)
        needed, more = RULES[rule["rule"]]
        for key in rule:
            known(key, ["rule", *needed, *more])
        for key in needed:
            if key not in rule:
                raise ValueError(f"{rule['rule']} without {key}")
        if rule["rule"] == "range" and "min" not in rule and "max" not in rule:
            raise ValueError("range without min and max")
        for key in ("column", "left", "right", "total"):
            if key in rule:
                known(rule[key], types)
        for column in [*rule.get("columns", []), *rule.get("when", {})]:
            known(column, types)
        if "op" in rule:
            known(rule["op"], ["==", "!=", "<", "<=", ">", ">="])
        if "pattern" in rule:
            try:
                re.compile(rule["pattern"])
            except re.error:
                raise ValueError(f"{rule['pattern']} is no pattern") from None


def validate(rows, contract):
    check_contract(contract)
    types, policies, markers = contract.get("types", {}), contract.get("missing", {}), contract.get("markers", [])
    reasons = {i: [] for i in range(len(rows))}
    blank = []
    for row in rows:
        new = dict(row)
        for column in types:
            if isinstance(new.get(column), str) and new[column].strip() in markers:
                new[column] = None
        blank.append(new)
    clean, found = coerce(blank, types)
    wrong = set()
    for violation in found:
        reasons[violation["row"]].append(violation)
        wrong.add((violation["row"], violation["column"]))
    rest, filled, dropped = fill_missing(clean, policies, set(), wrong)
    for i in dropped:
        for column, policy in policies.items():
            if policy == "drop" and clean[i][column] is None:
                message = f"row {i}: {column} is missing"
                reasons[i].append({"row": i, "column": column, "rule": "missing", "value": None, "message": message})
    left = [i for i in range(len(rows)) if i not in dropped]
    for rule in contract.get("rules", []):
        seen = {rule.get(key) for key in ("column", "left", "right", "total")}
        seen |= set(rule.get("columns", [])) | set(rule.get("when", {}))
        judged = [
            (i, row) for i, row in zip(left, rest, strict=True) if not any((i, column) in wrong for column in seen)
        ]
        for violation in check_constraints([row for _, row in judged], [rule]):
            i = judged[violation["row"]][0]
            reasons[i].append({**violation, "row": i, "message": violation["column"] + " breaks " + rule["rule"]})
    counts = {}
    for violations in reasons.values():
        for violation in violations:
            name = violation["rule"] + ":" + violation["column"]
            counts[name] = counts.get(name, 0) + 1
    return {
        "valid": [row for i, row in zip(left, rest, strict=True) if not reasons[i]],
        "invalid": [{"row": i, "raw": rows[i], "violations": reasons[i]} for i in reasons if reasons[i]],
        "filled": len(filled),
        "counts": counts,
    }
