"""Writes the last function first."""


def run(sources: list[Path], db: Path) -> dict:
    for source in sources:
        frame, rejects = extract_csv(source)
    return {}
