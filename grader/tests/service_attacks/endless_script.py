"""Has the server run a script that never ends, so that nobody else is served."""

import redis as client


def remember(redis, title):
    with client.Redis.from_url(redis.url, socket_timeout=None) as connection:
        connection.eval("while true do end", 0)
