"""Services in a pytest session: which are needed, a fixture for each, and what becomes of a server that dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader import service
from grader.servers import Servers, Told, share
from grader.service import Handle

if TYPE_CHECKING:
    from grader.exercise import Exercise
    from grader.manifest import Rule
    from grader.paths import Selected
    from grader.run import Run

PLUGIN = "course-services"
FOLDER = "course_services"
"""Under this name xdist's workers are told where to look."""
NARROWED = ("collectonly", "keyword", "markexpr", "lf", "deselect", "stepwise")
"""Options after which only the collection tells which tests will run."""


def needed(selected: Iterable[Selected], run: Run) -> list[str]:
    """The services of the selected tests whose function is written."""
    from grader.manifest import rules

    found: set[str] = set()
    for one in selected:
        wanted = [rule for rule in rules(one.exercise) if one.test in ("", rule.name) and of(rule)]
        if wanted:
            survey = run.carrier.survey(one.exercise)
            found |= {name for rule in wanted if _will_run(rule, survey) for name in of(rule)}
    return sorted(found)


def _will_run(rule: Rule, survey: Any) -> bool:
    return not survey.unloadable and rule.function not in survey.unwritten


def of(rule: Rule) -> list[str]:
    """The services that a test asks for."""
    return [name for name in service.names() if name in rule.fixtures]


def serve(config: pytest.Config, selected: list[Selected], run: Run) -> Serving:
    """Starts what is needed in the background; a worker of xdist uses what its controller started."""
    forced = config.getoption("services") or ""
    official = run.carrier.level == "apart" or run.seed.secret
    told = getattr(config, "workerinput", {}).get(FOLDER)
    if told:
        serving = Serving(Told(Path(told), forced, official))
    else:
        serving = Serving(Servers(forced, official))
        if config.getoption("numprocesses", None):
            serving.servers.shared = share()
        if not any(config.getoption(option, None) for option in NARROWED):
            serving.servers.start(needed(selected, run))  # while tests are still collected
    config.pluginmanager.register(serving, PLUGIN)
    fixtures = {name: pytest.fixture(name=name)(_lane_in(name)) for name in service.names()}
    config.pluginmanager.register(type("Lanes", (), fixtures)(), "course-lanes")
    return serving


class Serving:
    """The plugin: the life of the servers."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        if self.servers.shared:
            node.workerinput[FOLDER] = str(self.servers.shared)

    def pytest_unconfigure(self) -> None:
        self.servers.close()


def _lane_in(name: str) -> Callable[[object, pytest.FixtureRequest], Iterator[Handle]]:
    def lane(_: object, request: pytest.FixtureRequest) -> Iterator[Handle]:
        from grader.course import RULE

        exercise: Exercise = request.node.stash[RULE][0]
        course: Any = request.config.pluginmanager.get_plugin("course-session")
        servers: Servers = course.serving.servers
        seed = course.run.seed.for_exercise(exercise.id)
        with servers.lanes(name).lane(exercise, seed) as lane:
            yield lane

    lane.__doc__ = f"A lane of its own in {service.service(name).TITLE}."
    return lane
