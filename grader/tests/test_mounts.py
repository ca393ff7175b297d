import sys

from grader import mounts


def test_a_worker_keeps_what_it_imports_from_and_nothing_that_lies_beside_it(tmp_path, monkeypatch):
    packages = tmp_path / "venv" / "lib" / "site-packages"
    packages.mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(packages), str(packages / "not there"), "/usr/lib"])
    assert mounts._packages_below(f"{tmp_path}/") == [str(packages)]
    assert mounts._packages_below("/elsewhere/") == []
