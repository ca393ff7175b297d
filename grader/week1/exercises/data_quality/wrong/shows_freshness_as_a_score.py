"""Writes a row for every entry, also for one that has no score.

Caught by: test_a_report_has_a_heading_a_verdict_and_a_row_for_each_score
"""


def report(title, dims, judged):
    rows = [
        [
            _cell(name),
            _per_cent(d.get("score")),
            str(d.get("checked", 0)),
            str(d.get("failed", 0)),
            judged["by"].get(name, "-"),
        ]
        for name, d in dims.items()
    ]
    table = [["dimension", "score", "checked", "failed", "verdict"], ["---"] * 5, *rows]
    lines = [f"# {_one_line(title)}", "", f"Verdict: {judged['verdict']}", ""]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in table]) + "\n"
