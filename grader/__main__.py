"""The command `grade`: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path, PurePosixPath

from grader.exercise import Exercise, NoSuchExercise, below, find_all
from grader.origin import ORIGINS
from grader.words import command, marks, plural

ROOT = Path(__file__).resolve().parent.parent


class Wrong(ValueError):
    """Something on the command line is wrong; the text says what, and the next command."""


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except (Wrong, NoSuchExercise) as error:
        print(f"grade: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "grade", description="Tools of the course. Exercises are graded by pytest: pytest week1"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="is an exercise sound? (for authors and CI)", description=_check.__doc__)
    check.add_argument("paths", nargs="*", metavar="PATH", help="a week or an exercise (default: all)")
    check.add_argument("--all", action="store_true", help="wrong answers run every test, not only those that they name")
    check.add_argument(
        "-j",
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="exercises at a time (default: %(default)s)",
    )
    check.set_defaults(run=_check)

    new = commands.add_parser("new", help="lay out a new exercise", description=_new.__doc__)
    new.add_argument("path", metavar="PATH", help="week1/exercises/name.py")
    new.set_defaults(run=_new)

    reset = commands.add_parser("reset", help="give a stub back; what was there is kept", description=_reset.__doc__)
    reset.add_argument("paths", nargs="+", metavar="PATH", help="week1/exercises/etl_basic.py")
    reset.set_defaults(run=_reset)

    data = commands.add_parser("data", help="write the data of a week", description=_data.__doc__)
    data.add_argument("week", help="week1")
    data.add_argument("--scale", type=int, default=1, metavar="N", help="how many times the usual size")
    data.add_argument(
        "--seed",
        type=int,
        default=2026,
        metavar="N",
        help="another seed gives other data (default: %(default)s)",
    )
    data.add_argument("--out", type=Path, metavar="DIR", help="where to (default: the week's data folder)")
    data.set_defaults(run=_data)

    doctor = commands.add_parser("doctor", help="what does this machine have?", description=_doctor.__doc__)
    doctor.add_argument("--start", action="store_true", help="start each server once, to see that it answers")
    doctor.add_argument("--services", choices=ORIGINS, help="look there and nowhere else")
    doctor.set_defaults(run=_doctor)

    pull = commands.add_parser("pull", help="fetch images ahead of time", description=_pull.__doc__)
    pull.add_argument("names", nargs="*", metavar="NAME", help="a week (week2) or a service (default: all)")
    pull.set_defaults(run=_pull)

    bench = commands.add_parser("bench", help="measure grader, codec and solutions", description=_bench.__doc__)
    bench.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks (default: all)")
    bench.set_defaults(run=_bench)
    return parser


def _exercises(paths: list[str]) -> list[Exercise]:
    if not paths:
        return find_all(ROOT)
    found: list[Exercise] = []
    for path in paths:
        found += below(ROOT, _inside(path))
    return list(dict.fromkeys(found))


def _inside(path: str) -> PurePosixPath:
    """A path of the command line as seen from the root of the course."""
    try:
        return PurePosixPath((Path.cwd() / path).resolve().relative_to(ROOT).as_posix())
    except ValueError:
        raise Wrong(f"{path} is not inside the course at {ROOT}") from None


def _check(arguments: argparse.Namespace) -> int:
    """Checks that exercises are sound: the stub earns nothing, the solution everything, each wrong answer is caught."""
    from grader import tidy
    from grader.check import check_all

    if arguments.jobs < 1:
        raise Wrong(f"--jobs {arguments.jobs}: at least 1")
    exercises = _exercises(arguments.paths)
    sign = marks(sys.stdout)
    unsound = 0
    for finding in check_all(exercises, arguments.jobs, arguments.all):
        mark = sign["passed" if finding.sound else "failed"]
        print(
            f"{mark} {finding.exercise.id:<40} {'   '.join([*finding.facts, f'{finding.seconds:.1f} s'])}",
            flush=True,
        )
        for problem in finding.problems:
            print(f"    {problem}")
        unsound += not finding.sound
    problems = list(tidy.check(ROOT)) if not arguments.paths else []
    for problem in problems:
        print(f"{sign['failed']} {problem}")
    if unsound:
        print(f"{plural(unsound, 'exercise')} not sound")
    elif not problems:
        print(f"{plural(len(exercises), 'exercise')} sound")
    return 1 if unsound or problems else 0


def _new(arguments: argparse.Namespace) -> int:
    """Lays out a small, sound exercise: stub, hidden test, solution, a wrong answer, hints, a row of the syllabus."""
    from grader.new import CannotLayOut, lay_out

    try:
        for path in lay_out(ROOT, _inside(arguments.path)):
            print(path.relative_to(ROOT).as_posix())
    except CannotLayOut as error:
        raise Wrong(str(error)) from None
    print(f"Fill them in, then: {command(f'grade check {arguments.path}')}")
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    """Gives the stub back. What was there is kept beside it as FILE.bak, FILE.bak2 and so on."""
    from grader.reset import reset

    for path in arguments.paths:
        for exercise in _exercises([path]):
            kept = reset(exercise)
            print(f"{exercise.id} is the stub again" + (f"; what was there is now {kept.name}" if kept else ""))
    return 0


def _data(arguments: argparse.Namespace) -> int:
    """Writes the data of a week again; the same seed gives the same bytes."""
    from grader.datasets.write import UnknownWeek, files_of, folder_of, write_week
    from grader.feedback import bar

    if arguments.scale < 1:
        raise Wrong(f"--scale {arguments.scale}: at least 1")
    try:
        files = files_of(ROOT, arguments.week)
    except UnknownWeek as error:
        raise Wrong(str(error)) from None
    folder = arguments.out or folder_of(ROOT, arguments.week, arguments.scale)
    sign = marks(sys.stdout)

    def progress(name: str, place: int, size: int) -> None:
        if sys.stdout.isatty():
            print(f"\r{bar(place, len(files), sign)} {name} {size / 1e6:,.1f} MB\033[K", end="", flush=True)

    write_week(files, folder, arguments.seed, arguments.scale, progress)
    end = "\r\033[K" if sys.stdout.isatty() else ""
    print(f"{end}{plural(len(files), 'file')} in {folder}; README.md there names the planted faults")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    """Shows what this machine has, from where each service would come, and what to do about what is missing.

    The exit code is 1 if something is missing that the course needs."""
    from grader.doctor import examine
    from grader.feedback import wrapped

    lines = examine(arguments.services or "", arguments.start)
    wide = max(len(line.name) for line in lines)
    for line in lines:
        first, *rest = wrapped(line.text, 96 - wide)
        print(f"{line.name:<{wide}}  {line.state:<3} {first}")
        for more in rest:
            print(f"{'':<{wide}}      {more}")
    return int(any(line.state == "no" for line in lines))


def _pull(arguments: argparse.Namespace) -> int:
    """Fetches the images of the servers, so that no test has to wait for it."""
    from contextlib import closing

    from grader import service
    from grader.images import Pull, engine, is_here, pull

    entries = service.entries()
    wanted = arguments.names or list(entries)
    chosen = {name: entry for name, entry in entries.items() if {name, *entry.profiles} & set(wanted)}
    known = {name for entry in entries.values() for name in (entry.name, *entry.profiles)}
    if unknown := sorted(set(wanted) - known):
        raise Wrong(f"nothing is to be fetched for {', '.join(unknown)}; there is {', '.join(sorted(known))}")
    try:
        with closing(engine()) as client:
            for entry in chosen.values():
                if is_here(client, entry.image):
                    print(f"{entry.image} is here")
                else:
                    pull(entry.image, Pull(_on_one_line))
                    print(f"{entry.image} fetched\033[K" if sys.stdout.isatty() else f"{entry.image} fetched")
    except service.Unavailable as error:
        raise Wrong(str(error)) from None
    return 0


def _on_one_line(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{text}\033[K\r", end="", flush=True)


def _bench(arguments: argparse.Namespace) -> int:
    """Measures what the course promises about speed. It prints figures and judges nothing."""
    from grader.bench import BENCHMARKS, run

    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        raise Wrong(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    run(arguments.names or list(BENCHMARKS))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
