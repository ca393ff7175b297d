"""Never commits and never closes."""
import sqlite3



def load(db: Path, clean: pd.DataFrame) -> dict[str, int]:
    connection = sqlite3.connect(db)
    load.kept = connection
    connection.execute("CREATE TABLE orders (order_id TEXT)")
    connection.execute("INSERT INTO orders VALUES ('1')")
    return {"inserted": len(clean), "updated": 0, "unchanged": 0}
