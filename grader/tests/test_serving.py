"""Services in a run as a student has it: where they come from, what is started, and what becomes of one that dies."""

import json
import os
import signal
from pathlib import Path

import pytest

from grader.images import engine
from grader.service import Unavailable
from grader.sweep import exists
from grader.tests import shelf, toy

KILLS = """
def kill_the_server(db):
    with psycopg.connect(db.url) as connection:
        with open(f"/proc/{connection.info.backend_pid}/stat") as about:
            server = int(about.read().rpartition(")")[2].split()[1])
    os.kill(server, signal.SIGKILL)
    while os.path.exists(f"/proc/{server}"):
        pass


def add(db, title):
    FIRST
    with psycopg.connect(db.url) as connection:
        added = connection.execute(
            "INSERT INTO books SELECT max(book_id) + 1, %s FROM books RETURNING book_id", [title]
        )
        return added.fetchone()[0]
"""


@pytest.fixture
def course(tmp_path):
    return shelf.course(tmp_path / "course")


@pytest.fixture
def docker():
    """A client of the engine, where there is one."""
    try:
        client = engine()
    except Unavailable as error:
        pytest.skip(str(error))
    yield client
    client.close()


def run(course, *arguments, **environ):
    """Exit code, text and results of a run."""
    results = course / "results.json"
    done = toy.pytest(course, "week2", f"--results={results}", *arguments, **environ)
    outcomes = {test["id"].partition("::")[2]: test["outcome"] for test in json.loads(results.read_text())["tests"]}
    return done, outcomes


def killing(course, kill):
    """The answer, with an `add` that kills its server first."""
    broken = "import os, signal\n" + shelf.ANSWER.partition("def add")[0] + KILLS.replace("FIRST", kill)
    toy.write(course / shelf.ID, broken + "\n\ndef remember" + shelf.ANSWER.partition("def remember")[2])


@pytest.mark.parametrize("how", [[], ["--apart"], ["-n2"]], ids=" ".join)
def test_a_sound_answer_has_full_marks_on_servers_from_wheels(course, how):
    done, outcomes = run(course, "--services=embedded", *how)
    assert set(outcomes.values()) == {"passed"}, done.stdout
    assert done.returncode == 0


def test_servers_are_told_with_origin_and_version(course):
    done, _ = run(course, "--services=embedded")
    assert "(PostgreSQL 18.6, embedded, ready after " in done.stdout
    assert "(Redis valkey " in done.stdout


def test_nothing_is_started_for_a_stub_and_for_tests_without_a_service(course):
    done, outcomes = run(course, "-k", "plain", "--services=embedded")
    assert outcomes["test_one_more"] == "passed"
    toy.write(course / shelf.ID, shelf.STUB)
    stub, outcomes = run(course, "--services=embedded")
    assert set(outcomes.values()) == {"to do"}
    assert "PostgreSQL" not in stub.stdout + done.stdout
    assert "Redis" not in stub.stdout + done.stdout


def test_without_any_server_nothing_is_lost_but_the_grade(course):
    done, outcomes = run(course, "--services=external")
    assert outcomes == {
        "test_a_book_is_there_afterwards": "not graded",
        "test_every_test_has_its_own_books": "not graded",
        "test_the_last_title_is_remembered": "not graded",
        "test_one_more": "passed",
    }
    assert done.returncode == 6
    assert "PostgreSQL is not running here" in done.stdout
    assert "docker compose --profile week2 up -d" in done.stdout


def test_an_address_that_does_not_answer_is_named_without_its_password(course):
    done, _ = run(course, POSTGRES_URL="postgresql://me:secret@127.0.0.1:1/db", REDIS_URL="redis://127.0.0.1:1")
    plain = " ".join(done.stdout.split())
    assert "POSTGRES_URL: no answer from postgresql://me:…@127.0.0.1:1/db" in plain
    assert "secret" not in done.stdout


def test_a_server_that_died_once_costs_nobody_a_point(course, tmp_path):
    """The test that was hit is tried again, alone, on a fresh server; the others go on with another one."""
    mark = tmp_path / "killed"
    killing(course, f'if not os.path.exists({str(mark)!r}): open({str(mark)!r}, "w").close(); kill_the_server(db)')
    done, outcomes = run(course, "--services=embedded")
    assert mark.exists()
    assert set(outcomes.values()) == {"passed"}, done.stdout


def test_a_container_that_was_killed_costs_nobody_a_point(course, tmp_path, docker):
    mark = tmp_path / "killed"
    kill = (
        f"import subprocess; first = not os.path.exists({str(mark)!r}); open({str(mark)!r}, 'w').close()\n"
        "    port = db.url.rpartition(':')[2].partition('/')[0]\n"
        "    if first: subprocess.run(f'docker kill $(docker ps -q --filter publish={port})', shell=True, check=True)"
    )
    killing(course, kill)
    done, outcomes = run(course, "--services=docker")
    assert mark.exists()
    assert set(outcomes.values()) == {"passed"}, done.stdout
    assert not docker.containers.list(all=True, filters={"label": "python-data-engineer.server", "status": "exited"})


def test_who_kills_the_server_every_time_has_crashed(course):
    """The solution survives the same test on a fresh server, so it is the answer's doing."""
    killing(course, "kill_the_server(db)")
    done, outcomes = run(course, "--services=embedded", "-k", "book_is_there")
    assert outcomes["test_a_book_is_there_afterwards"] == "crashed", done.stdout
    assert "PostgreSQL broke down both times that this test ran your code" in " ".join(done.stdout.split())


def test_a_killed_run_leaves_no_server_behind(course, tmp_path):
    """A guard sees its line close, whatever happened at the other end."""
    here = tmp_path / "here"
    slow = f"import time, pathlib\n    pathlib.Path({str(here)!r}).write_text(str(os.getpid()))\n    time.sleep(60)"
    killing(course, slow)
    with toy.begin(course, "week2", "--services=embedded", "-k", "book_is_there") as process:
        toy.wait_until(here.exists)
        servers = servers_of(process.pid)
        assert servers
        os.kill(process.pid, signal.SIGKILL)
    toy.wait_until(lambda: not any(map(exists, servers)))


def servers_of(pid):
    """Process numbers of the servers whose folder carries this run's number."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"course-{pid}-" in words:
            found.append(int(place.name))
    return found
