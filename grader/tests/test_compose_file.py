"""docker-compose.yml: the one list of servers fits the specification, the service modules, and the weeks."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from grader import origin, service
from grader.service import COMPOSE, ROOT
from grader.tests import shelf, toy

TOLD = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
NAMES = list(TOLD["services"])

KEYS = {
    "image", "profiles", "environment", "command", "ports", "healthcheck", "mem_limit", "shm_size", "volumes",
}  # fmt: skip
"""What we use of https://github.com/compose-spec/compose-spec/blob/main/spec.md; a typing mistake is another key."""
HEALTH = {"test", "interval", "timeout", "retries", "start_period"}


def test_there_is_one_module_for_each_service_and_one_service_for_each_module():
    assert sorted(NAMES) == sorted(service.names())


@pytest.mark.parametrize("name", NAMES)
def test_a_service_says_what_is_needed_and_nothing_unknown(name):
    about = TOLD["services"][name]
    assert set(about) <= KEYS
    assert set(about["healthcheck"]) <= HEALTH
    assert {"image", "profiles", "healthcheck", "mem_limit", "ports"} <= set(about)
    assert {volume.partition(":")[0] for volume in about.get("volumes", [])} <= set(TOLD["volumes"])


@pytest.mark.parametrize("name", NAMES)
def test_its_profiles_are_the_weeks_that_need_it(name):
    """As the syllabus says, ready or coming."""
    rows = [line.split("|") for line in (ROOT / "syllabus.md").read_text(encoding="utf-8").splitlines()]
    title = re.compile(rf"\b{service.service(name).TITLE}\b")
    needing = [row[1] for row in rows if len(row) > 4 and title.search(row[3])]
    assert set(TOLD["services"][name]["profiles"]) == {re.search(r"week\d|final", path)[0] for path in needing}


@pytest.mark.parametrize("name", NAMES)
def test_an_image_is_pinned(name):
    """latest is another server tomorrow."""
    tag = service.entries()[name].image.rpartition(":")[2]
    assert re.search(r"\d+\.\d+", tag)


@pytest.mark.parametrize("name", NAMES)
def test_ports_are_open_to_this_machine_only(name):
    """Their passwords stand in the file."""
    port = service.service(name).PORT
    assert TOLD["services"][name]["ports"] == [f"127.0.0.1:${{{name.upper()}_PORT:-{port}}}:{port}"]


@pytest.mark.parametrize("name", NAMES)
def test_the_module_fits_the_entry(name):
    """The grader's own container differs in the password, and in nothing that a test may ask for."""
    adapter, entry = service.service(name), service.entries()[name]
    words = adapter.command(entry, "another-secret", 1234)
    assert words[: len(entry.command)] == [
        "another-secret" if word == service.PUBLIC_SECRET and entry.command[at - 1] == "--requirepass" else word
        for at, word in enumerate(entry.command)
    ]
    assert adapter.place(adapter.address("host", 1234, "secret")) == ("host", 1234)
    assert set(adapter.environment("secret")) <= {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
    assert adapter.place(adapter.EXAMPLE)[1] == adapter.PORT


def test_the_readme_and_the_messages_name_profiles_that_exist():
    profiles = {profile for about in TOLD["services"].values() for profile in about["profiles"]}
    assert "week2" in profiles
    for page in (ROOT / "README.md", ROOT / "week2" / "README.md"):
        named = set(re.findall(r"--profile (\w+)", page.read_text(encoding="utf-8")))
        assert named <= profiles, page


def compose(*arguments, folder=ROOT, **environ):
    if not shutil.which("docker"):
        pytest.skip("docker is not installed")
    done = subprocess.run(
        ["docker", "compose", *arguments],
        cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if "is not a docker command" in done.stderr or "unknown" in done.stderr.partition("\n")[0]:
        pytest.skip("docker compose is not installed")
    return done


def test_docker_compose_takes_the_file():
    """Compose checks it against its own schema."""
    done = compose("--profile", "*", "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["services"]) == sorted(NAMES)


def test_what_compose_started_is_used_at_once(tmp_path):
    """A course of its own, on ports of its own; `pytest` finds its servers by their labels, not by their ports."""
    course = shelf.course(tmp_path / "course")
    free = {f"{name.upper()}_PORT": str(origin.free_port()) for name in NAMES}
    project = {"folder": course, "COMPOSE_PROJECT_NAME": f"course-test-{os.getpid()}", **free}
    try:
        up = compose("--profile", "*", "up", "--detach", "--wait", **project)
        if "Cannot connect to the Docker daemon" in up.stderr:
            pytest.skip("no Docker engine answers")
        assert up.returncode == 0, up.stderr
        done = toy.pytest(course, "week2")
        assert done.returncode == 0, done.stdout
        assert "(PostgreSQL 18.6, compose, ready after " in done.stdout
        assert "(Redis 7.0.15, compose, ready after " in done.stdout
        apart = toy.pytest(course, "week2", "--services=compose", "--apart")
        assert apart.returncode == 6
        assert "its passwords are public" in " ".join(apart.stdout.split())
    finally:
        compose("--profile", "*", "down", "--volumes", **project)
