"""`grade doctor` tells for each thing what is there and why not, and `grade pull` what it fetches; neither hangs."""

import socket

import pytest

from grader import doctor, origin, service
from grader.__main__ import main
from grader.service import Unavailable


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch, tmp_path):
    """No engine, no addresses, whatever this machine has."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    for name in service.names():
        monkeypatch.delenv(service.service(name).SETTING, raising=False)
    origin.compose_ports.cache_clear()
    yield
    origin.compose_ports.cache_clear()


def lines(*arguments):
    return {line.name: line for line in doctor.examine(*arguments)}


def test_without_docker_servers_come_from_wheels():
    told = lines()
    assert told["Docker"].state == "-"
    assert "it is not installed, or not running" in told["Docker"].text
    assert told["PostgreSQL"].state == told["Redis"].state == "ok"
    assert told["PostgreSQL"].text == "will be started from a wheel, no Docker needed: postgres"


def test_every_thing_has_a_line():
    assert [*lines()] == ["Python", "Docker", "PostgreSQL", "Redis", "Memory", "Disk", "Ports", "Java", "Jail"]


def test_a_forced_place_that_has_nothing_says_why():
    told = lines("docker")["PostgreSQL"]
    assert (told.state, told.text) == (
        "no", "docker: no Docker engine answers (it is not installed, or not running)"
    )  # fmt: skip


def test_an_address_that_does_not_answer_is_not_passed_over(monkeypatch):
    """Who names a server means that one."""
    monkeypatch.setenv("POSTGRES_URL", "postgresql://me:secret@127.0.0.1:1/db")
    told = lines()["PostgreSQL"]
    assert told.state == "no"
    assert "no answer from postgresql://me:…@127.0.0.1:1/db" in told.text
    assert "secret" not in told.text
    assert "embedded" not in told.text


def test_a_server_that_is_no_administrators_is_refused(monkeypatch):
    """Lanes need roles and databases."""
    running = origin.find("postgres", "embedded")
    lanes = service.service("postgres").lanes(running.server)
    lanes.admin.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
    lanes.admin.execute("CREATE DATABASE plain OWNER plain")
    host, port = service.service("postgres").place(running.server.url)
    monkeypatch.setenv("POSTGRES_URL", f"postgresql://plain:plain@{host}:{port}/plain")
    with pytest.raises(Unavailable, match="POSTGRES_URL: its user must be a superuser"):
        origin.find("postgres")
    monkeypatch.setenv("POSTGRES_URL", running.server.url)
    assert lines()["PostgreSQL"].text.startswith("18.6, external, postgresql://course:…@127.0.0.1")
    lanes.close()
    running.stop()


def test_an_engine_that_hangs_does_not_hang_the_doctor(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    monkeypatch.setattr(origin, "REACH", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen(8)
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/silent.sock")
        told = lines()
    assert told["Docker"].state == "-"
    assert told["PostgreSQL"].state == "ok"


def test_start_really_starts_each_server():
    told = lines("embedded", True)
    assert told["PostgreSQL"].text.startswith("18.6, embedded, answered after ")
    assert told["Redis"].text.startswith("valkey ")


def test_a_taken_port_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "_is_taken", lambda port: port == 5432)
    told = lines()["Ports"]
    assert told.state == "no"
    assert told.text == "5432 is taken by another program: POSTGRES_PORT=5433 docker compose …"


def test_pull_without_an_engine_says_so(capsys):
    assert main(["pull", "week2"]) == 2
    assert capsys.readouterr().err == "grade: no Docker engine answers (it is not installed, or not running)\n"


def test_pull_names_what_there_is(capsys):
    assert main(["pull", "week9"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("grade: nothing is to be fetched for week9; there is final, postgres, redis, week2")
