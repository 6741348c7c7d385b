"""Measures pages of the site in FIRSTHAND_VAR in this process: prints JSON. Run by `bench_growth`.

For each address: processor time in milliseconds (median of the rounds), and queries, of a rendering with nothing kept.
On PostgreSQL the processor time of its server process counts too, where the system tells it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys

from tests.bench.processor import noting, processor_time

os.environ["PAGE_CACHE_MEGABYTES"] = "0"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def main(addresses: list[str], rounds: int) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    server = None
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        server = connection.connection.info.backend_pid
        # Its time is told in hundredths of a second: one figure for many requests.
        rounds, together = max(rounds // 3, 3), 10
    else:
        together = 1
    found: dict[str, dict[str, float]] = {}
    for address in addresses:
        for _ in range(2):
            answer = client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
        queries: list[str] = []
        with connection.execute_wrapper(noting(queries)):
            client.get(address)
        times = []
        for _ in range(rounds):
            began = processor_time(server)
            for _ in range(together):
                client.get(address)
            times.append((processor_time(server) - began) * 1000 / together)
        times.sort()
        found[address] = {
            "ms": statistics.median(times),
            "p95": times[min(len(times) - 1, int(len(times) * 0.95))],
            "queries": len(queries),
            "bytes": len(answer.getvalue()),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]))
