"""Week 1 · Data quality: a model answer."""

import math
import re
from collections import Counter
from datetime import date, datetime, timedelta

import pandas as pd

STATUSES = ("placed", "paid", "shipped", "cancelled")
COMPLETE = ("order_id", "customer_id", "ordered_at", "status", "amount")


def profile(frame: pd.DataFrame) -> dict[str, dict]:
    return {name: _describe(frame[name]) for name in frame.columns}


def _describe(cells: pd.Series) -> dict:
    kind = _kind(cells)
    values = _plain(cells.dropna())
    counts = Counter(values)
    mean, sd = _spread(values) if kind == "number" and values else (None, None)
    return {
        "kind": kind,
        "rows": len(cells),
        "missing": len(cells) - len(values),
        "blank": sum(_is_blank(value) for value in values) if kind == "text" else 0,
        "distinct": len(counts),
        "min": min(values, default=None),
        "max": max(values, default=None),
        "mean": mean,
        "sd": sd,
        "top": _top(counts),
        "looks_like": _looks_like(values) if kind == "text" else None,
    }


def _top(counts: Counter) -> list[list]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [[value, count] for value, count in ordered[:5]]


def _kind(cells: pd.Series) -> str:
    # bool first: for pandas a bool column is numeric too
    if pd.api.types.is_bool_dtype(cells):
        return "bool"
    if pd.api.types.is_numeric_dtype(cells):
        return "number"
    return "time" if pd.api.types.is_datetime64_any_dtype(cells) else "text"


def _plain(cells: pd.Series) -> list:
    """Cells without nulls as Python values; tolist() leaves only Timestamps to convert."""
    return [cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell for cell in cells.tolist()]


def _spread(values: list[float]) -> tuple[float, float]:
    summary = summarise(values)
    return summary["mean"], math.sqrt(summary["m2"] / summary["count"])


def _is_blank(text: str) -> bool:
    return not text.strip()


def _looks_like(texts: list[str]) -> str | None:
    written = [text for text in texts if not _is_blank(text)]
    for name, is_such in (("int", _is_int), ("date", _is_date)):
        if written and sum(map(is_such, written)) / len(written) >= 0.95:
            return name
    return None


def _is_int(text: str) -> bool:
    return re.fullmatch("0|[1-9][0-9]*", text) is not None


def _is_date(text: str) -> bool:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # fromisoformat also takes 20260301 and 2026-W09-7
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def summarise(values: list[float | None]) -> dict:
    present = [value for value in values if value is not None and not math.isnan(value)]
    mean = math.fsum(present) / len(present) if present else 0.0
    return {
        "count": len(present),
        "missing": len(values) - len(present),
        "mean": mean,
        # two passes: the deviations are small, so squaring them loses nothing
        "m2": math.fsum((value - mean) ** 2 for value in present),
        "min": min(present, default=None),
        "max": max(present, default=None),
    }


def merge(a: dict, b: dict) -> dict:
    count = a["count"] + b["count"]
    share = b["count"] / count if count else 0.0
    apart = b["mean"] - a["mean"]
    return {
        "count": count,
        "missing": a["missing"] + b["missing"],
        "mean": a["mean"] + apart * share,
        "m2": a["m2"] + b["m2"] + apart**2 * a["count"] * share,
        "min": min(_present(a["min"], b["min"]), default=None),
        "max": max(_present(a["max"], b["max"]), default=None),
    }


def _present(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def dimensions(
    orders: pd.DataFrame, customers: pd.DataFrame, payments: pd.DataFrame, as_of: datetime
) -> dict[str, dict]:
    return {
        "completeness": _score(_complete(orders)),
        "uniqueness": _score(_first_of_its_id(orders)),
        "validity": _score(_valid(orders)),
        "consistency": _score(_consistent(orders)),
        "integrity": _score(_of_a_customer(orders, customers)),
        "accuracy": _score(_accurate(orders, payments)),
        "timeliness": _score(_timely(orders)),
        "freshness": {"hours": _hours(orders["ordered_at"].max(), as_of)},
    }


def _there(cells: pd.Series) -> pd.Series:
    if _kind(cells) == "text":
        return cells.str.strip().fillna("") != ""
    return cells.notna()


def _having(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows that have a cell in each of these columns."""
    return rows[pd.DataFrame({name: _there(rows[name]) for name in names}).all(axis=1)]


def _score(right: pd.Series) -> dict:
    """From one verdict for each check. Nothing checked is no score: neither perfect nor bad."""
    checked, failed = len(right), int((~right).sum())
    return {"score": (checked - failed) / checked if checked else None, "checked": checked, "failed": failed}


def _complete(orders: pd.DataFrame) -> pd.Series:
    return pd.concat([_there(orders[name]) for name in COMPLETE])


def _first_of_its_id(orders: pd.DataFrame) -> pd.Series:
    return ~_having(orders, "order_id").duplicated("order_id")


def _valid(orders: pd.DataFrame) -> pd.Series:
    rows = _having(orders, "status", "amount")
    return rows["status"].isin(STATUSES) & (rows["amount"] >= 0)


def _consistent(orders: pd.DataFrame) -> pd.Series:
    rows = _having(orders, "items_total", "shipping", "amount")
    return rows["amount"] == rows["items_total"] + rows["shipping"]


def _of_a_customer(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.Series:
    return _having(orders, "customer_id")["customer_id"].isin(customers["customer_id"])


def _accurate(orders: pd.DataFrame, payments: pd.DataFrame) -> pd.Series:
    # one sum an order first: joining the payments row by row would multiply the orders
    paid = payments.groupby("order_id")["amount"].sum()
    rows = _having(orders, "order_id", "amount")
    rows = rows[rows["status"].isin(["paid", "shipped"]) & rows["order_id"].isin(paid.index)]
    return rows["amount"] == rows["order_id"].map(paid)


def _timely(orders: pd.DataFrame) -> pd.Series:
    rows = _having(orders, "ordered_at", "loaded_at")
    return (rows["loaded_at"] - rows["ordered_at"]).between(timedelta(0), timedelta(hours=24))


def _hours(newest: datetime, as_of: datetime) -> float | None:
    return None if pd.isna(newest) else (as_of - newest) / timedelta(hours=1)


def compare(before: dict[str, dict], after: dict[str, dict], limits: dict[str, float]) -> list[dict]:
    findings = _rows_changed(before, after, limits["rows"])
    for name in before.keys() | after.keys():
        if name not in after:
            findings.append(_finding(name, "column_gone", before[name]["kind"], None))
        elif name not in before:
            findings.append(_finding(name, "column_new", None, after[name]["kind"]))
        else:
            findings += _column_changed(name, before[name], after[name], limits)
    return sorted(findings, key=lambda finding: (finding["column"], finding["metric"]))


def _finding(column: str, metric: str, before: object, after: object) -> dict:
    return {"column": column, "metric": metric, "before": before, "after": after}


def _rows_changed(before: dict[str, dict], after: dict[str, dict], limit: float) -> list[dict]:
    if not before or not after:
        return []
    old, new = (next(iter(columns.values()))["rows"] for columns in (before, after))
    return [_finding("", "rows", old, new)] if abs(new - old) > limit * old else []


def _column_changed(name: str, old: dict, new: dict, limits: dict[str, float]) -> list[dict]:
    findings = []
    if old["kind"] != new["kind"]:
        findings.append(_finding(name, "kind", old["kind"], new["kind"]))
    if old["rows"] and new["rows"]:
        shares = old["missing"] / old["rows"], new["missing"] / new["rows"]
        if abs(shares[1] - shares[0]) > limits["missing"]:
            findings.append(_finding(name, "missing", *shares))
    means = old["mean"], new["mean"]
    if None not in means and abs(means[1] - means[0]) > limits["mean"] * old["sd"]:
        findings.append(_finding(name, "mean", *means))
    return findings


def judge(scores: dict[str, float | None], limits: dict[str, dict[str, float]]) -> dict:
    if not limits:
        raise ValueError("no limits: nothing would be judged")
    by = {name: _verdict(name, scores.get(name), limit) for name, limit in limits.items()}
    worst = next(verdict for verdict in ("fail", "unknown", "warn", "pass") if verdict in by.values())
    return {"verdict": worst, "by": by}


def _verdict(name: str, score: float | None, limit: dict[str, float]) -> str:
    if limit["fail"] > limit["warn"]:
        raise ValueError(f"{name}: fail {limit['fail']} is above warn {limit['warn']}")
    if score is None or math.isnan(score):
        return "unknown"
    if score < limit["fail"]:
        return "fail"
    return "warn" if score < limit["warn"] else "pass"


def report(title: str, dims: dict[str, dict], judged: dict) -> str:
    rows = [
        [_cell(name), _per_cent(d["score"]), str(d["checked"]), str(d["failed"]), judged["by"].get(name, "-")]
        for name, d in dims.items()
        if "score" in d
    ]
    table = [["dimension", "score", "checked", "failed", "verdict"], ["---"] * 5, *rows]
    lines = [f"# {_one_line(title)}", "", f"Verdict: {judged['verdict']}", ""]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in table]) + "\n"


def _one_line(text: str) -> str:
    return re.sub("\r\n|\r|\n", " ", text)


def _cell(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _per_cent(score: float | None) -> str:
    if score is None:
        return "-"
    thousandths = int(score * 1000)  # rounds down: 99.99 % must not look like 100 %
    return f"{thousandths // 10}.{thousandths % 10} %"
