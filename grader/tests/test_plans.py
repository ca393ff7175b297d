from pathlib import Path

import pytest

from grader.datasets import plans
from grader.datasets.plans.record import STATEMENTS

RECORDED = Path(plans.__file__).parent


@pytest.mark.parametrize("version", plans.VERSIONS)
def test_each_plan_is_recorded(version):
    assert sorted(path.stem for path in (RECORDED / version).iterdir()) == sorted(plans.FAULTS)


def test_each_plan_can_be_recorded_anew():
    assert set(STATEMENTS) == set(plans.FAULTS)


@pytest.mark.parametrize("version", plans.VERSIONS)
def test_the_faults_are_nodes_of_the_plan(version):
    for name, faults in plans.FAULTS.items():
        nodes = [(node["Node Type"], node.get("Relation Name")) for node in walk(plans.recorded(version, name)["Plan"])]
        assert all((node, relation) in nodes for _, node, relation in faults), name


def test_the_versions_print_rows_as_each_does():
    rows = {version: plans.recorded(version, "by_key")["Plan"]["Actual Rows"] for version in plans.VERSIONS}
    assert {version: type(number) for version, number in rows.items()} == {"15": int, "18": float}


def walk(node):
    yield node
    for child in node.get("Plans", []):
        yield from walk(child)
