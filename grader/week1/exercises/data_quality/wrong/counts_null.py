"""Counts null as a value of its own, as nunique(dropna=False) does.

Caught by: test_null_is_no_distinct_value
"""


def _describe(cells):
    kind = _kind(cells)
    values = _plain(cells.dropna())
    counts = Counter(values)
    mean, sd = _spread(values) if kind == "number" and values else (None, None)
    return {
        "kind": kind,
        "rows": len(cells),
        "missing": len(cells) - len(values),
        "blank": sum(_is_blank(value) for value in values) if kind == "text" else 0,
        "distinct": cells.nunique(dropna=False),
        "min": min(values, default=None),
        "max": max(values, default=None),
        "mean": mean,
        "sd": sd,
        "top": _top(counts),
        "looks_like": _looks_like(values) if kind == "text" else None,
    }
