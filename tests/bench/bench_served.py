"""A story page from the page cache, beside nginx serving the same bytes on the same core.

The server and nginx share core 0 and take turns; the load generator is on core 1. Targets: 0.35 on the
embedded server at 16 and 64 connections; behind nginx with its cache 0.8, compressed 1.2, '304' 1.8.

nginx's own best is measured too: the bytes with Brotli from a file, '304' of a file, and an empty answer. No cache of
nginx can be faster, so that where these do not reach a target, neither can a page behind nginx on this machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.sites import (
    PROXY,
    SHORT,
    STORY,
    copy_of,
    fetch,
    in_turns,
    made_site,
    median,
    nginx,
    served,
    table,
    wait_until_kept,
    wrk,
)

ROUNDS = 1 if SHORT else 5
SECONDS = 1 if SHORT else 3


def bench_page_cache_beside_nginx(tmp_path: Path) -> None:
    with copy_of(made_site(1000), tmp_path) as var, served(var, tmp_path, core=0) as site:
        wait_until_kept(f"{site}{STORY}")
        body, head = fetch(f"{site}{STORY}")
        packed, packed_head = fetch(f"{site}{STORY}", Accept_Encoding="br")
        assert packed_head["content-encoding"] == "br"
        folder = tmp_path / "static"
        folder.mkdir()
        (folder / "page").write_bytes(body)
        (folder / "packed").write_bytes(packed)
        files = f"location / {{ root {folder}; }} location = /empty {{ return 204; }}"
        host = site.removeprefix("http://")
        with (
            nginx(tmp_path, files, core=0) as static,
            nginx(tmp_path, PROXY.format(upstream=site, host=host), core=0) as proxied,
        ):

            def rate(url: str, connections: int, **headers: str) -> Callable[[], float]:
                sent = {name.replace("_", "-"): value for name, value in headers.items()}
                return lambda: wrk(url, connections=connections, seconds=SECONDS, headers=sent).rate

            fetch(f"{proxied}{STORY}")
            file_head = fetch(f"{static}/page")[1]
            kinds = {
                "nginx, the same bytes, 16": rate(f"{static}/page", 16),
                "nginx, the bytes with brotli, 16": rate(f"{static}/packed", 16),
                "nginx, 304 of the same bytes, 16": rate(
                    f"{static}/page", 16, If_None_Match=file_head["etag"]
                ),
                "nginx, an empty answer, 16": rate(f"{static}/empty", 16),
                "nginx, the same bytes, 64": rate(f"{static}/page", 64),
                **{f"embedded server, {number}": rate(f"{site}{STORY}", number) for number in (1, 4, 16, 64)},
                "embedded server, brotli, 16": rate(f"{site}{STORY}", 16, Accept_Encoding="br"),
                "embedded server, 304, 16": rate(f"{site}{STORY}", 16, If_None_Match=head["etag"]),
                "behind nginx, 16": rate(f"{proxied}{STORY}", 16),
                "behind nginx, brotli, 16": rate(f"{proxied}{STORY}", 16, Accept_Encoding="br"),
                "behind nginx, 304, 16": rate(f"{proxied}{STORY}", 16, If_None_Match=head["etag"]),
            }
            found = in_turns(kinds, ROUNDS)
    reference = {number: median(found[f"nginx, the same bytes, {number}"]) for number in (16, 64)}
    rows = [("what, connections", "requests/s", "of nginx")]
    for name, rates in found.items():
        base = reference[64] if name.endswith("64") else reference[16]
        rows.append((name, f"{median(rates):,.0f}", f"{median(rates) / base:.2f}"))
    table(f"A story page of {len(body):,} bytes ({len(packed):,} with Brotli)", rows)
