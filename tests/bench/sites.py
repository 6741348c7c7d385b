"""Sites of a given size to measure with, and the programs that serve and ask them.

A site is made once by `manage.py make_stories` and kept in .pytest_cache/bench (FIRSTHAND_BENCH_SITES names
another folder) until a migration or the maker changes. A measurement works on a copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.operating.processes import ROOT, Process, free_port, program, running, wait_for

SHORT = bool(os.environ.get("SHORT"))
KEPT = Path(os.environ.get("FIRSTHAND_BENCH_SITES", ROOT / ".pytest_cache" / "bench"))
STORY = "/experiences/made-story-000010/"


def environment(var: Path, **more: str) -> dict[str, str]:
    """Return the environment of a site in `var`: the demo's settings, without the tests'."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "DATABASE_", "CACHE_", "PYTEST_"))
    }
    return {**kept, "FIRSTHAND_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.dev", **more}


def manage(var: Path, *arguments: str, **more: str) -> str:
    """Run a command of the site. Fails with what it said."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment(var, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr[-3000:]}"
    return done.stdout


def _digest() -> str:
    state = hashlib.sha256()
    for file in sorted([*ROOT.glob("**/migrations/*.py"), *(ROOT / "site/demo").rglob("*.py")]):
        if "node_modules" not in file.parts and ".venv" not in file.parts:
            state.update(file.read_bytes())
    return state.hexdigest()[:12]


def made_site(stories: int) -> Path:
    """Return the folder of a site with so many made stories besides the demo, making it where it is missing."""
    kept = KEPT / _digest() / str(stories)
    if not (kept / "made").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        began = time.monotonic()
        manage(kept, "prepare")
        if stories:
            manage(kept, "make_stories", str(stories))
        (kept / "made").write_text(f"{time.monotonic() - began:.0f} s")
    return kept


def postgres_address(stories: int) -> str:
    """Return the address of the PostgreSQL database of a site, or "" where PostgreSQL does not answer."""
    server = os.environ.get("FIRSTHAND_BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return ""
    return f"{server}/firsthand_bench_{_digest()}_{stories}"


def made_site_on_postgres(stories: int) -> tuple[Path, str]:
    """Return the folder and the database of a site on PostgreSQL, making it where it is missing."""
    address = postgres_address(stories)
    server, _slash, name = address.rpartition("/")
    folder = KEPT / _digest() / f"postgres-{stories}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found and (folder / "made").exists():
            return folder, address
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    manage(folder, "prepare", DATABASE_URL=address)
    manage(folder, "make_stories", str(stories), DATABASE_URL=address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    (folder / "made").write_text(f"{time.monotonic() - began:.0f} s")
    return folder, address


@contextmanager
def copy_of(site: Path, folder: Path) -> Iterator[Path]:
    """Yield a copy of a site's folder, removed afterwards."""
    copy = folder / f"site-{site.name}"
    shutil.copytree(site, copy, symlinks=True)
    try:
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


# Programs -----------------------------------------------------------------------------------------------------


# The core of the load generator, and all others.
GENERATOR = 1
OTHERS = ",".join(str(core) for core in range(os.cpu_count() or 1) if core != GENERATOR)


def on_core(core: int | str, command: list[str]) -> list[str]:
    """Return the command kept on one processor core, or on some: what is compared runs on the same ones."""
    if shutil.which("taskset") is None or (os.cpu_count() or 1) < 2:
        return command
    return ["taskset", "-c", str(core), *command]


@contextmanager
def served(var: Path, folder: Path, *, core: int | str | None = None, **more: str) -> Iterator[str]:
    """Serve a site with the embedded server; yield its address."""
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve_pages", "--port", str(port)]
    command += ["--workers", more.pop("workers", "1")]
    command = on_core(core, command) if core is not None else command
    process = Process(
        command, folder / f"server-{port}.log", environment(var, SITE_URL=f"http://127.0.0.1:{port}", **more)
    )
    try:
        process.wait_until_it_listens(port, 180)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()


NGINX = """
{user}daemon off; worker_processes 1; pid {folder}/nginx-{port}.pid; error_log {folder}/nginx-{port}.log error;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type "text/html; charset=utf-8";
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache levels=1:2 keys_zone=pages:10m use_temp_path=off;
    map $http_accept_encoding $encoding {{ default ""; "~*\\bbr\\b" br; "~*\\bgzip\\b" gzip; }}
    server {{ listen 127.0.0.1:{port}; {server} }}
}}
"""
# The cache of docs/operating.md.
PROXY = """
    location / {{
        proxy_pass {upstream}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host {host};
        proxy_set_header Accept-Encoding $encoding;
        proxy_cache pages; proxy_cache_lock on; proxy_cache_revalidate on; proxy_ignore_headers Vary;
        proxy_cache_key $host$request_uri$encoding;
        open_file_cache max=10000 inactive=60s; open_file_cache_valid 1s;
    }}
"""


@contextmanager
def nginx(folder: Path, server: str, *, core: int) -> Iterator[str]:
    """Run an nginx with this `server` block; yield its address."""
    port = free_port()
    settings = folder / f"nginx-{port}.conf"
    # Started by root, it would become a user who may not read the folder.
    user = "user root; " if os.getuid() == 0 else ""
    settings.write_text(NGINX.format(folder=folder, port=port, server=server, user=user))
    command = on_core(core, [program("nginx"), "-c", str(settings), "-p", str(folder)])
    with running(command, port, folder / f"nginx-{port}.out"):
        yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Load:
    """What a load generator saw: answers a second, the 99th percentile in milliseconds, and errors."""

    rate: float
    p99: float
    errors: int


def wrk(
    url: str,
    *,
    connections: int,
    seconds: float = 3,
    headers: Mapping[str, str] | None = None,
    core: int = GENERATOR,
) -> Load:
    """Ask one address again and again over so many connections."""
    sent = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = [program("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *sent, url]
    said = subprocess.run(on_core(core, command), capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index] # always printed
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    factor = {"us": 0.001, "ms": 1, "s": 1000}
    wrong = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    wrong += sum(int(number) for number in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    return Load(rate, float(p99[1]) * factor[p99[2]] if p99 else 0.0, wrong)


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of an address."""
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def wait_until_kept(url: str) -> None:
    """Ask until the answer comes from the page cache."""
    fetch(url)
    wait_for(lambda: "etag" in fetch(url)[1], 30, f"{url} is not kept")


def in_turns(kinds: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure each kind once a round, so that whatever else the machine does falls on all; values by kind."""
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, measure in kinds.items():
            found[name].append(measure())
    return found


def table(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table with the load of the machine."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title} (load {os.getloadavg()[0]:.1f})")
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def median(values: list[float]) -> float:
    return statistics.median(values)


def as_json(var: Path, code: str, **more: str) -> object:
    """Run Python code inside a site; it prints JSON on its last line."""
    return json.loads(manage(var, "shell", "-v0", "-c", code, **more).strip().splitlines()[-1])
