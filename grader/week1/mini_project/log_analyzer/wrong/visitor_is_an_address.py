"""Takes an address for a person: behind one address is a whole office.

Caught by: test_sessions_do_not_depend_on_the_order_of_hits
"""


def sessions(hits: Iterable[Hit], gap_minutes: int = 30) -> list[dict]:
    people = [hit for hit in hits if hit.agent and not ROBOTS.search(hit.agent)]
    people.sort(key=lambda hit: (hit.ip, hit.at, hit.path))
    found = []
    for _, visits in groupby(people, key=lambda hit: hit.ip):
        found += visits_of_one(visits, timedelta(minutes=gap_minutes))
    return sorted(found, key=lambda session: (session["start"], session["ip"], session["agent"]))
