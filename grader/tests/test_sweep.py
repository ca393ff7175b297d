import os

from grader.sweep import remove


def nest(folder, deep):
    """Folders in folders, deeper than a path may be long."""
    folder.mkdir()
    here = os.open(folder, os.O_RDONLY)
    for _ in range(deep):
        os.mkdir("below", dir_fd=here)
        above, here = here, os.open("below", os.O_RDONLY, dir_fd=here)
        os.close(above)
    os.close(here)
    return folder


def test_a_folder_goes_with_all_that_is_in_it(tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text("kept")
    folder = nest(tmp_path / "nest", 1500)
    (folder / "link").symlink_to(kept)
    (folder / "closed").mkdir(mode=0)
    remove(folder)
    assert not folder.exists()
    assert kept.read_text() == "kept"


def test_who_fills_a_folder_without_end_does_not_keep_us(tmp_path):
    folder = nest(tmp_path / "nest", 1500)
    remove(folder, seconds=0.0)
    assert folder.exists()
    remove(folder)
    assert not folder.exists()
