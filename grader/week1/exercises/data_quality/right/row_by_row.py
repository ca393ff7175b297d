"""Week 1 · Data quality: another sound answer, with numpy for columns and plain loops for rows."""

import math
from datetime import date, datetime
from functools import reduce

import numpy as np
import pandas as pd

STATUSES = ("placed", "paid", "shipped", "cancelled")
COMPLETE = ("order_id", "customer_id", "ordered_at", "status", "amount")


def profile(frame: pd.DataFrame) -> dict[str, dict]:
    result = {}
    for name, cells in frame.items():
        kind = {"b": "bool", "i": "number", "f": "number", "M": "time"}.get(cells.dtype.kind, "text")
        values = cells.dropna()
        result[name] = {
            "kind": kind,
            "rows": len(cells),
            "missing": int(cells.isna().sum()),
            "blank": int((values.str.strip() == "").sum()) if kind == "text" else 0,
            "distinct": int(values.nunique()),
            "min": python(values.min()) if len(values) else None,
            "max": python(values.max()) if len(values) else None,
            "mean": float(values.mean()) if kind == "number" and len(values) else None,
            "sd": float(np.std(values.to_numpy(dtype=float))) if kind == "number" and len(values) else None,
            "top": top(values),
            "looks_like": looks_like(values[values.str.strip() != ""]) if kind == "text" else None,
        }
    return result


def python(value):
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value


def top(values: pd.Series) -> list[list]:
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable").head(5)
    return [[python(value), int(count)] for value, count in counts.items()]


def looks_like(texts: pd.Series) -> str | None:
    if len(texts) and texts.map(is_int).mean() >= 0.95:
        return "int"
    return "date" if len(texts) and texts.map(is_date).mean() >= 0.95 else None


def is_int(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def summarise(values: list[float | None]) -> dict:
    one_by_one = (
        {"count": 1, "missing": 0, "mean": v, "m2": 0.0, "min": v, "max": v}
        for v in values
        if v is not None and not math.isnan(v)
    )
    result = reduce(merge, one_by_one, {"count": 0, "missing": 0, "mean": 0.0, "m2": 0.0, "min": None, "max": None})
    return result | {"missing": len(values) - result["count"]}


def merge(a: dict, b: dict) -> dict:
    missing = a["missing"] + b["missing"]
    if not a["count"] or not b["count"]:
        return (a if a["count"] else b) | {"missing": missing}
    count = a["count"] + b["count"]
    mean = (a["count"] * a["mean"] + b["count"] * b["mean"]) / count
    m2 = a["m2"] + b["m2"] + (a["mean"] - b["mean"]) ** 2 / count * a["count"] * b["count"]
    return {
        "count": count,
        "missing": missing,
        "mean": mean,
        "m2": m2,
        "min": min(a["min"], b["min"]),
        "max": max(a["max"], b["max"]),
    }


def dimensions(
    orders: pd.DataFrame, customers: pd.DataFrame, payments: pd.DataFrame, as_of: datetime
) -> dict[str, dict]:
    known, paid, seen = set(customers["customer_id"]), {}, set()
    for order_id, amount in zip(payments["order_id"], payments["amount"], strict=True):
        paid[order_id] = paid.get(order_id, 0) + amount
    verdicts: dict[str, list[bool]] = {
        name: []
        for name in (
            "completeness",
            "uniqueness",
            "validity",
            "consistency",
            "integrity",
            "accuracy",
            "timeliness",
        )
    }
    newest = None
    for record in orders.to_dict("records"):
        row = {
            name: None if pd.isna(cell) or (isinstance(cell, str) and not cell.strip()) else cell
            for name, cell in record.items()
        }
        order_id, status, amount, at = row["order_id"], row["status"], row["amount"], row["ordered_at"]
        verdicts["completeness"] += [row[name] is not None for name in COMPLETE]
        if order_id is not None:
            verdicts["uniqueness"].append(order_id not in seen)
            seen.add(order_id)
        if status is not None and amount is not None:
            verdicts["validity"].append(status in STATUSES and amount >= 0)
        if None not in (amount, row["items_total"], row["shipping"]):
            verdicts["consistency"].append(amount == row["items_total"] + row["shipping"])
        if row["customer_id"] is not None:
            verdicts["integrity"].append(row["customer_id"] in known)
        if order_id in paid and order_id is not None and amount is not None and status in ("paid", "shipped"):
            verdicts["accuracy"].append(amount == paid[order_id])
        if at is not None and row["loaded_at"] is not None:
            verdicts["timeliness"].append(0 <= (row["loaded_at"] - at).total_seconds() <= 86400)
        newest = at if newest is None or (at is not None and at > newest) else newest
    hours = None if newest is None else (as_of - newest).total_seconds() / 3600
    return {name: score(right) for name, right in verdicts.items()} | {"freshness": {"hours": hours}}


def score(right: list[bool]) -> dict:
    failed = len(right) - sum(right)
    return {"score": 1 - failed / len(right) if right else None, "checked": len(right), "failed": failed}


def compare(before: dict[str, dict], after: dict[str, dict], limits: dict[str, float]) -> list[dict]:
    found = {}
    for name in before:
        if name not in after:
            found[name, "column_gone"] = (before[name]["kind"], None)
    for name in after:
        if name not in before:
            found[name, "column_new"] = (None, after[name]["kind"])
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        if old["kind"] != new["kind"]:
            found[name, "kind"] = (old["kind"], new["kind"])
        if old["rows"] > 0 and new["rows"] > 0:
            a, b = old["missing"] / old["rows"], new["missing"] / new["rows"]
            if max(a, b) - min(a, b) > limits["missing"]:
                found[name, "missing"] = (a, b)
        if old["mean"] is not None and new["mean"] is not None:
            step = abs(old["mean"] - new["mean"])
            if (step / old["sd"] > limits["mean"]) if old["sd"] else step > 0:
                found[name, "mean"] = (old["mean"], new["mean"])
    if before and after:
        a, b = next(iter(before.values()))["rows"], next(iter(after.values()))["rows"]
        if (abs(b - a) / a > limits["rows"]) if a else b > 0:
            found["", "rows"] = (a, b)
    return [{"column": c, "metric": m, "before": found[c, m][0], "after": found[c, m][1]} for c, m in sorted(found)]


def judge(scores: dict[str, float | None], limits: dict[str, dict[str, float]]) -> dict:
    if not limits:
        raise ValueError("limits is empty")
    by = {}
    for name, limit in limits.items():
        if limit["warn"] < limit["fail"]:
            raise ValueError(f"impossible limits for {name}")
        value = scores.get(name)
        if value is None or math.isnan(value):
            by[name] = "unknown"
        elif value >= limit["warn"]:
            by[name] = "pass"
        else:
            by[name] = "warn" if value >= limit["fail"] else "fail"
    return {"verdict": max(by.values(), key=["pass", "warn", "unknown", "fail"].index), "by": by}


def report(title: str, dims: dict[str, dict], judged: dict) -> str:
    text = f"# {flat(title)}\nVerdict: {judged['verdict']}\n"
    text += "|dimension|score|checked|failed|verdict|\n|:-|-:|-:|-:|:-|\n"
    for name, values in dims.items():
        if "score" in values:
            cell = "".join("\\" + letter if letter in "\\|" else letter for letter in flat(name))
            share = values["score"]
            per_cent = "-" if share is None else f"{int(share * 1000) / 10:.1f} %"
            text += f"|{cell}|{per_cent}|{values['checked']}|{values['failed']}|{judged['by'].get(name, '-')}|\n"
    return text


def flat(text: str) -> str:
    return text.replace("\r\n", " ").replace("\r", " ").replace("\n", " ")
