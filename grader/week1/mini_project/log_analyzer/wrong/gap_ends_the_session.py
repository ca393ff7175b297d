"""A pause of exactly the gap starts a new session.

Caught by: test_a_pause_of_exactly_the_gap_stays_one_session
"""


def visits_of_one(hits: Iterable[Hit], gap: timedelta) -> list[dict]:
    found: list[dict] = []
    for hit in hits:
        if not found or hit.at - found[-1]["end"] >= gap:
            new = {"ip": hit.ip, "agent": hit.agent, "start": hit.at, "end": hit.at, "hits": 0}
            found.append(new | {"entry": hit.path, "exit": hit.path})
        found[-1] |= {"end": hit.at, "hits": found[-1]["hits"] + 1, "exit": hit.path}
    return found
