"""Plans that PostgreSQL 15 and 18 really made: EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) of statements on the shop.

`python -m grader.datasets.plans.record URL` records them anew. What is wrong with each is said here, by hand.
"""

import json
from pathlib import Path
from typing import Any

VERSIONS = ("15", "18")

Fault = tuple[str, str, str | None]  # kind, node type, relation

FAULTS: dict[str, list[Fault]] = {
    # sound
    "whole_table": [],
    "by_key": [],
    "oldest_hundred": [],
    "two_indexes": [],
    "never_executed": [],
    "index_only": [],
    "few_heap_fetches": [],
    "fits_into_memory": [],
    # not sound
    "scan_for_few": [("wasted_scan", "Seq Scan", "orders")],
    "scan_by_three": [("wasted_scan", "Seq Scan", "orders")],
    "scan_of_fifty": [("wasted_scan", "Seq Scan", "places")],
    "two_columns": [("wasted_scan", "Seq Scan", "customers"), ("misestimate", "Seq Scan", "customers")],
    "wrong_join": [
        ("misestimate", "Nested Loop", None),
        ("wasted_scan", "Seq Scan", "customers"),
        ("misestimate", "Seq Scan", "customers"),
    ],
    "more_than_planned": [
        ("misestimate", "Limit", None),
        ("wasted_scan", "Seq Scan", "customers"),
        ("misestimate", "Seq Scan", "customers"),
    ],
    "nothing_found": [("misestimate", "Index Scan", "orders")],
    "sort_on_disk": [("spill", "Sort", None)],
    "hash_in_batches": [("spill", "Hash", None)],
    "groups_in_batches": [("spill", "Aggregate", None)],
    "scan_for_each": [("repeated_scan", "Seq Scan", "places")],
    "not_vacuumed": [("visits_heap", "Index Only Scan", "orders")],
}


def recorded(version: str, name: str) -> dict[str, Any]:
    """One element of EXPLAIN's answer, {"Plan": {…}, …}, as that version of PostgreSQL gave it."""
    explained: dict[str, Any] = json.loads((Path(__file__).parent / version / f"{name}.json").read_text("utf-8"))
    return explained
