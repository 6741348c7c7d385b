"""Two nodes with real services: what is published or withdrawn on one, and what a visitor notices when one ends."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.operating.clients import Editor, ask, crowd
from tests.operating.cluster import Cluster, cluster
from tests.operating.processes import wait_for

# They need the machine for themselves, and are in order: each leaves both nodes running.
pytestmark = pytest.mark.xdist_group("nodes")
SOON = 2.0  # seconds: the promise


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("nodes")) as running:
        yield running


def wait_until_all(nodes: Cluster, path: str, status: int, words: str = "") -> None:
    """Wait until both nodes and nginx answer so, at most as long as promised."""
    deadline = time.monotonic() + SOON
    for port in nodes.ports:
        wait_for(
            lambda port=port: (answer := ask(port, path)).status == status and words in answer.text,  # type: ignore[misc]
            max(deadline - time.monotonic(), 0.1),
            f"{path} is not {status} {words} at {port}",
        )


def test_static_files_and_files_of_the_bucket_come_through_nginx(nodes: Cluster) -> None:
    page = ask(nodes.port, nodes.content["public"])
    assert page.status == 200
    style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    assert style
    found = ask(nodes.port, style[1], **{"Accept-Encoding": "gzip"})
    assert (found.status, found.headers["Content-Type"]) == (200, "text/css")
    assert found.headers["Content-Encoding"] == "gzip"
    assert found.headers["Server"].startswith("nginx")

    picture = re.search(r'"(/files/shown/[^" ]+\.webp)', page.text)
    assert picture, "no address of a bucket is told"
    for _twice in range(2):
        found = ask(nodes.port, picture[1])
        assert (found.status, found.headers["Content-Type"]) == (200, "image/webp")
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in found.headers["Cache-Control"]
    assert ask(nodes.port, picture[1], Range="bytes=0-3").status == 206
    assert ask(nodes.port, "/bucket/firsthand-private/").status == 404
    assert ask(nodes.port, picture[1].replace(".webp", "x.webp")).status == 404


def test_nginx_keeps_pages_for_a_moment_and_by_compression(nodes: Cluster) -> None:
    path = nodes.content["home"]
    states = []
    for _ in range(4):
        answer = ask(nodes.port, path, **{"Accept-Encoding": "gzip, deflate, br"})
        states.append(answer.headers["X-Cache-Status"])
        assert answer.headers.get("Content-Encoding") == "br"
    assert "HIT" in states[1:]
    assert "Content-Encoding" not in ask(nodes.port, path).headers
    assert ask(nodes.port, path, Cookie="sessionid=abc").headers["X-Cache-Status"] == "BYPASS"


def test_a_story_published_on_one_node_is_seen_everywhere(nodes: Cluster) -> None:
    story, number = nodes.content["draft"], nodes.content["draft_id"]
    for port in nodes.ports:
        assert ask(port, story).status == 404
        assert "A spoon and a bowl" not in ask(port, nodes.content["list"]).text
    editor = Editor(nodes.nodes[0].port)
    answer = editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={number}&next=/admin/")
    assert answer.status == 302, answer.text[:1000]
    wait_until_all(nodes, story, 200, "A spoon and a bowl")
    wait_until_all(nodes, nodes.content["list"], 200, "A spoon and a bowl")
    # A session belongs to no node.
    editor.port = nodes.nodes[1].port
    assert editor._ask("/admin/").status == 200


def test_a_story_withdrawn_on_one_node_is_gone_everywhere(nodes: Cluster) -> None:
    story, consent = nodes.content["public"], nodes.content["public_consent"]
    for port in nodes.ports:
        page = ask(port, story)
        assert page.status == 200
        assert "Fourteen stairs" in ask(port, nodes.content["list"]).text
    picture = re.search(r'"(/files/shown/[^" ]+\.webp)', page.text)
    assert picture
    editor = Editor(nodes.nodes[1].port)
    answer = editor.post(
        f"/admin/withdrawals/consent/{consent}/", scope="all", how="telephone", reason="asked", sure="on"
    )
    assert answer.status == 302, answer.text[:1000]
    wait_until_all(nodes, story, 410)
    deadline = time.monotonic() + SOON
    for port in nodes.ports:
        wait_for(
            lambda port=port: "Fourteen stairs" not in ask(port, nodes.content["list"]).text,  # type: ignore[misc]
            max(deadline - time.monotonic(), 0.1),
            f"the list at {port} still shows it",
        )
        wait_for(lambda port=port: ask(port, picture[1]).status == 410, SOON, "its picture is not gone")  # type: ignore[misc]


def test_when_a_node_is_killed_readers_notice_nothing(nodes: Cluster) -> None:
    _first, second = nodes.nodes
    paths = [nodes.content["home"], nodes.content["list"], nodes.content["draft"], "/sitemap.xml"]
    with crowd(nodes.port, paths) as visitors:
        time.sleep(2)
        before = visitors.asked
        second.kill()
        killed = time.monotonic()
        time.sleep(4)
        second.start()
        second.wait_until_ready()
        time.sleep(1)
    assert before > 20
    assert visitors.asked > 2 * before
    late = [failure for failure in visitors.failures if failure[0] > killed + 2]
    assert late == []
    # Forms that the node had received are lost with it, one for each sender at most. Pages are asked elsewhere.
    assert [failure for failure in visitors.failures if failure[1].startswith("GET")] == []
    assert len(visitors.failures) <= 2


def test_a_rolling_restart_fails_nobody(nodes: Cluster) -> None:
    paths = [nodes.content["home"], nodes.content["list"], nodes.content["draft"], "/sitemap.xml"]
    with crowd(nodes.port, paths) as visitors:
        time.sleep(1)
        for node in nodes.nodes:
            assert node.process
            node.process.process.terminate()
            wait_for(lambda node=node: node.ready() == 503, 2, "it does not say that it stops")  # type: ignore[misc]
            assert ask(node.port, "/healthz").status == 200
            assert ask(node.port, nodes.content["home"]).status == 200, "it still answers"
            assert node.process.process.wait(20) == 0, node.process.said()
            node.start()
            node.wait_until_ready()
    assert Counter(failure[1:] for failure in visitors.failures) == {}
    assert visitors.asked > 100
