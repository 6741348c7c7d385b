"""Two nodes as docs/operating.md describes them: PostgreSQL, Redis, buckets and nginx, all as real processes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config import static_files
from tests.migrated_database import digest
from tests.operating.processes import (
    KEYS,
    ROOT,
    Process,
    free_port,
    object_store,
    program,
    running,
    wait_for,
)

HOST = "www.example.org"


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of an empty database in a cluster of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="firsthand-postgres-") as folder:
        # PostgreSQL refuses to run as root.
        who: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            who = [program("runuser"), "-u", "postgres", "--"]
        data = f"{folder}/data"
        made = [
            *who,
            program("initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run([*made, "--no-sync"], check=True, capture_output=True, cwd="/")
        # In vain after a crash, but then the whole cluster is thrown away.
        options = ["fsync=off", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1"]
        command = [*who, program("postgres"), "-D", data, "-p", str(port)]
        for option in options:
            command += ["-c", option]
        with tempfile.TemporaryDirectory() as logs, running(command, port, Path(logs) / "postgres.log"):
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with tempfile.TemporaryDirectory() as logs, running(command, port, Path(logs) / "redis.log"):
        yield f"rediscache://127.0.0.1:{port}/0"


@dataclass
class Node:
    """One application server. `folder`: its FIRSTHAND_VAR."""

    folder: Path
    port: int
    environment: dict[str, str]
    process: Process | None = None

    def start(self) -> None:
        command = [sys.executable, "manage.py", "serve_pages", "--no-prepare", "--port", str(self.port)]
        self.process = Process(command, self.folder / "log", self.environment)

    def wait_until_ready(self, seconds: float = 90) -> None:
        wait_for(lambda: self.ready() == 200, seconds, f"not ready: {self.process and self.process.said()}")

    def ready(self) -> int:
        """Return the status of /readyz, 0 without an answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def kill(self) -> None:
        assert self.process
        self.process.kill()


@dataclass
class Cluster:
    """`port`: nginx. `content`: what tests/operating/content.py printed."""

    nodes: list[Node]
    port: int
    content: dict[str, str]
    ports: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ports = [*(node.port for node in self.nodes), self.port]


def documented(name: str) -> str:
    """Return the nginx file of docs/operating.md."""
    text = (ROOT / "docs" / "operating.md").read_text()
    found = re.search(
        r"^    upstream firsthand \{.*?^    \}\n(?=\nWith files)", text, re.MULTILINE | re.DOTALL
    )
    assert found, name
    return "\n".join(line[4:] for line in found[0].splitlines())


def nginx_configuration(folder: Path, port: int, nodes: list[Node], store: str) -> str:
    """Return the documented file, with the addresses and folders of this test and without a certificate."""
    text = documented("nginx")
    changes = {
        "10.0.0.11:8000": f"127.0.0.1:{nodes[0].port}",
        "10.0.0.12:8000": f"127.0.0.1:{nodes[1].port}",
        "/var/cache/nginx/firsthand": str(folder / "cache"),
        "listen 443 ssl": f"listen 127.0.0.1:{port}",
        "ssl_certificate /etc/ssl/www.example.org.pem;": "",
        "ssl_certificate_key /etc/ssl/www.example.org.key;": "",
        "/var/lib/firsthand/static/": f"{nodes[0].folder}/static/",
        "https://s3.example.net/": f"{store}/",
        "Host s3.example.net": f"Host {store.removeprefix('http://')}",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, nginx would switch to a user who may not read pytest's folders.
    who = "user root root; " if os.geteuid() == 0 else ""
    return (
        f"{who}daemon off; pid {folder}/pid; error_log {folder}/error.log info;\n"
        f"events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log off;\n{places}\n{text}\n}}\n"
    )


def environment(folder: Path, database: str, cache: str, store: str) -> dict[str, str]:
    """Return what docs/operating.md puts into /etc/firsthand.env."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("S3_", "DJANGO_", "WEB_", "AWS_"))
    }
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "the same on both nodes 0123456789 abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": database,
        "CACHE_URL": cache,
        "S3_ENDPOINT_URL": store,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": KEYS["aws_access_key_id"],
        "S3_SECRET_KEY": KEYS["aws_secret_access_key"],
        "S3_BUCKET": "firsthand-public",
        "S3_PRIVATE_BUCKET": "firsthand-private",
        "FILES_ACCEL": "/bucket/",
        "FIRSTHAND_VAR": str(folder),
        "WEB_WORKERS": "1",
        "WEB_DRAIN_SECONDS": "5",
        "STATIC_BROTLI": "false",
    }


def manage(environment: dict[str, str], *command: str) -> str:
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout


def give_static_files(node: dict[str, str]) -> None:
    """Put the collected static files into a site's folder. They are collected once and kept until one changes."""
    target = Path(node["FIRSTHAND_VAR"]) / "static"
    kept = ROOT / ".pytest_cache" / "static" / static_files.fingerprint()
    if not kept.exists():
        manage(node, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=kept.parent))
        shutil.copytree(target, draft, dirs_exist_ok=True)
        with contextlib.suppress(OSError):  # another process was first
            draft.rename(kept)
    else:
        shutil.copytree(kept, target)


def migrate(node: dict[str, str]) -> None:
    """Migrate the empty database of a site. The result is kept until a migration changes."""
    kept = ROOT / ".pytest_cache" / "migrated" / f"{digest()}.sql"
    address = node["DATABASE_URL"]
    if kept.exists():
        command = [program("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(kept), address]
        subprocess.run(command, check=True, capture_output=True)
        return
    manage(node, "manage.py", "migrate", "--verbosity", "0")
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    subprocess.run([program("pg_dump"), "--file", str(draft), address], check=True, capture_output=True)
    draft.rename(kept)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    for name in ("nginx", "redis-server", "initdb"):
        program(name)  # before the slow part
    with contextlib.ExitStack() as stack:
        database, cache = stack.enter_context(postgres()), stack.enter_context(redis())
        store = stack.enter_context(object_store(folder))
        nodes = []
        for name in ("first", "second"):
            own = folder / name
            own.mkdir()
            nodes.append(Node(own, free_port(), environment(own, database, cache, store)))
        first = nodes[0]
        migrate(first.environment)
        content = json.loads(manage(first.environment, "tests/operating/content.py").splitlines()[-1])
        for node in nodes:
            give_static_files(node.environment)
            node.start()
            stack.callback(node.kill)
        for node in nodes:
            node.wait_until_ready()
        port = free_port()
        file = folder / "nginx.conf"
        file.write_text(nginx_configuration(folder, port, nodes, store))
        stack.enter_context(
            running([program("nginx"), "-c", str(file), "-p", str(folder)], port, folder / "nginx.log")
        )
        yield Cluster(nodes, port, content)
