import mmap
import os

import pytest

from grader import disk
from grader.disk import Disk
from grader.wire import Closed

MIB = 1 << 20


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """A folder of which no more than 2 MiB may be written, by this process."""
    monkeypatch.setattr(disk, "MOST_WRITTEN", 2 * MIB)
    monkeypatch.setattr(disk, "UNSEEN", -(1 << 60))  # others write to this disk too: always look closely
    return Disk(tmp_path, lambda: [os.getpid()])


def unnamed(folder, size):
    """A descriptor of a file that has no name any more."""
    path = folder / "unnamed"
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    path.unlink()
    os.write(file, os.urandom(size))
    os.fsync(file)
    return file


def test_files_that_have_a_name_are_counted(watched, tmp_path):
    (tmp_path / "one").write_bytes(os.urandom(MIB))
    watched.check()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "two").write_bytes(os.urandom(2 * MIB))
    with pytest.raises(Closed, match="more than 2 MiB"):
        watched.check()


def test_files_without_a_name_are_counted_while_they_are_open(watched, tmp_path):
    file = unnamed(tmp_path, 3 * MIB)
    with pytest.raises(Closed, match="more than 2 MiB"):
        watched.check()
    os.close(file)
    watched.check()


@pytest.mark.skipif(not os.access("/proc/1/map_files", os.R_OK), reason="mapped files are shown to root only")
def test_files_without_a_name_are_counted_while_they_are_mapped(watched, tmp_path):
    file = unnamed(tmp_path, 3 * MIB)
    mapping = mmap.mmap(file, 3 * MIB)
    os.close(file)
    with pytest.raises(Closed, match="more than 2 MiB"):
        watched.check()
    mapping.close()
    watched.check()


def test_a_file_counts_once_however_often_it_is_open(watched, tmp_path):
    file = unnamed(tmp_path, MIB)
    again = [os.dup(file) for _ in range(5)]
    watched.check()
    for one in [file, *again]:
        os.close(one)


def test_who_hides_it_anywhere_else_is_ended_before_the_disk_is_full(watched, monkeypatch):
    size = 1000 * MIB
    monkeypatch.setattr(watched, "before", 500 * MIB)
    monkeypatch.setattr(watched, "_free", lambda: (30 * MIB, size))
    watched.check()
    monkeypatch.setattr(watched, "_free", lambda: (10 * MIB, size))
    with pytest.raises(Closed, match="ran full"):
        watched.check()


def test_folders_in_folders_without_end_are_refused(watched, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MOST_PATH", len(str(tmp_path)) + 20)
    (tmp_path / "below" / "below" / "below" / "below").mkdir(parents=True)
    with pytest.raises(Closed, match="folders in folders"):
        watched.check()
