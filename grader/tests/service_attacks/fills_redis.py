"""Takes all the memory of the server."""

import redis as client


def remember(redis, title):
    with client.Redis.from_url(redis.url) as connection:
        for number in range(100_000):
            connection.set(f"{redis.prefix}{number}", b"x" * 1_000_000)
