"""What student code left on disk, read from outside."""

import os
import sqlite3

import pytest

from grader.expect import Mismatch
from grader.leftovers import MOST_BYTES, Database, Files


def told(work):
    with pytest.raises(Mismatch) as caught:
        work()
    return str(caught.value)


@pytest.fixture
def files():
    return Files()


READERS = [Files().bytes, Files().text, Files().json, Database]


def test_text_bytes_json_and_names_are_read(tmp_path, files):
    path = tmp_path / "report.json"
    path.write_bytes('{"tên": "Huế"}\r\n'.encode())
    assert files.bytes(path) == '{"tên": "Huế"}\r\n'.encode()
    assert files.text(path) == '{"tên": "Huế"}\r\n'
    assert files.json(path) == {"tên": "Huế"}
    (tmp_path / "b").mkdir()
    assert files.names(tmp_path) == ["b", "report.json"]


@pytest.mark.parametrize("read", READERS)
def test_a_missing_file_is_a_sentence(tmp_path, read):
    assert told(lambda: read(tmp_path / "shop.db")) == "file: got no file shop.db\n      expected a file shop.db"


@pytest.mark.parametrize("read", READERS)
def test_links_pipes_and_folders_are_no_files(tmp_path, read):
    secret = tmp_path / "secret"
    secret.write_text("{}")
    link, folder, pipe = tmp_path / "link", tmp_path / "folder", tmp_path / "pipe"
    link.symlink_to(secret)
    folder.mkdir()
    kinds = [link, folder]
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
        kinds.append(pipe)
    for path in kinds:
        assert f"file {path.name}: got" in told(lambda path=path: read(path))


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_is_too_big_is_refused_unread(tmp_path, read):
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "too many" in told(lambda: read(path))


def test_text_that_is_no_utf8_and_json_that_is_none_are_sentences(tmp_path, files):
    path = tmp_path / "x.json"
    path.write_bytes("Huế".encode("utf-16"))
    assert "expected UTF-8 text" in told(lambda: files.text(path))
    path.write_text("{'a': 1}")
    assert "no JSON" in told(lambda: files.json(path))


def test_a_folder_that_is_missing_or_a_link_is_a_sentence(tmp_path, files):
    assert "no folder out" in told(lambda: files.names(tmp_path / "out"))
    (tmp_path / "out").symlink_to(tmp_path)
    assert "no folder out" in told(lambda: files.names(tmp_path / "out"))


# databases


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount >= 0));
        CREATE TABLE "odd ""name" (a);
        INSERT INTO orders VALUES (1, 100), (2, 200);
    """)
    connection.close()
    return path


def test_rows_counts_and_tables_are_read(shop):
    database = Database(shop)
    assert database.rows("SELECT * FROM orders WHERE id > ? ORDER BY id", 1) == [{"id": 2, "amount": 200}]
    assert database.count("orders") == 2
    assert database.count('odd "name') == 0
    assert database.tables() == {"orders", 'odd "name'}


def test_reading_cannot_write(shop):
    with pytest.raises(ValueError, match="must not write"):
        Database(shop).rows("DELETE FROM orders")
    assert Database(shop).count("orders") == 2


def test_a_rule_of_the_database_refuses_a_write_and_nothing_stays(shop):
    database = Database(shop)
    assert database.refuses("INSERT INTO orders VALUES (1, 5)")
    assert database.refuses("INSERT INTO orders VALUES (3, ?)", -1)
    assert not database.refuses("INSERT INTO orders VALUES (3, 5)")
    assert database.count("orders") == 2


def test_a_transaction_that_is_still_open_is_found(shop):
    connection = sqlite3.connect(shop)
    connection.execute("INSERT INTO orders VALUES (3, 5)")
    assert "a transaction is still open" in told(lambda: Database(shop))
    connection.rollback()
    connection.close()
    Database(shop)


def test_a_read_that_is_not_over_is_found(shop):
    connection = sqlite3.connect(shop)
    rows = connection.execute("SELECT * FROM orders")
    next(rows)
    assert "still open" in told(lambda: Database(shop))
    connection.close()


def test_a_table_or_column_that_is_missing_is_a_sentence(shop):
    database = Database(shop)
    assert "no such table: customers" in told(lambda: database.count("customers"))
    assert "no such column: total" in told(lambda: database.rows("SELECT total FROM orders"))
    assert "no such table: customers" in told(lambda: database.refuses("INSERT INTO customers VALUES (1)"))


def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    path = tmp_path / "shop.db"
    path.write_text("id,amount\n1,100\n" * 100)
    assert "expected an SQLite database" in told(lambda: Database(path))


def test_an_empty_file_is_an_empty_database(tmp_path):
    (tmp_path / "shop.db").touch()
    assert Database(tmp_path / "shop.db").tables() == set()


def test_names_with_marks_of_uris_are_names(tmp_path):
    path = tmp_path / "a?b#c%20.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert Database(path).tables() == {"t"}
