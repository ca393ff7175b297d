"""Trusts that every key is there."""
import json


def extract_json(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    orders = json.loads(path.read_text())["orders"]
    rows = [{"order_id": order["id"], "district": order["customer"]["address"]["district"]} for order in orders]
    return pd.DataFrame(rows), []
