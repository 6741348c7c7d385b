"""Under which address a page is kept: what does not change a page does not change it, all else does."""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import brotli
import pytest
import zstandard
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from delivery import encodings
from delivery.addresses import address_of, clean_query, is_personal, is_tracking, scheme_of

NAMES = st.text("abcq_é&=+ %", min_size=1, max_size=4)
PAIRS = st.lists(st.tuples(NAMES, st.text(max_size=5)), max_size=6)


def environ(path: str = "/", query: str = "", **more: Any) -> dict[str, Any]:
    return {
        "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "example.org", "wsgi.url_scheme": "https", **more
    }  # fmt: skip


@given(PAIRS)
def test_a_clean_query_gives_a_page_the_same_lists(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs)
    expected = {
        name: values for name, values in dict(QueryDict(query).lists()).items() if not is_tracking(name)
    }
    assert dict(QueryDict(clean_query(query)).lists()) == expected
    assert clean_query(clean_query(query)) == clean_query(query)


@given(PAIRS, st.sampled_from(["utm_source", "fbclid", "gclid", "mc_eid", "utm_x"]))
def test_tracking_parameters_change_nothing(pairs: list[tuple[str, str]], name: str) -> None:
    tracked = urlencode([(name, "x"), *pairs, (name, "y")])
    assert clean_query(tracked) == clean_query(urlencode(pairs))


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_path_never_looks_like_a_query(path: str, other: str) -> None:
    raw = quote(path)
    one = address_of(environ(f"/{path}"))
    two = address_of(environ(f"/{other}", raw))
    if one == two:
        assert clean_query(raw) == ""


def test_what_counts() -> None:
    assert address_of(environ("/a/", "b=2&a=1&utm_id=3")) == "https://example.org/a/?a=1&b=2"
    assert address_of(environ("/a/", "a=2&a=1")) != address_of(environ("/a/", "a=1&a=2"))
    assert address_of(environ(HTTP_X_FORWARDED_HOST="evil.example")) == "https://example.org/"
    assert address_of(environ(HTTP_HOST="EXAMPLE.org")) == "https://example.org/"
    assert address_of(environ(query="a" * 2000)) is None
    assert address_of(environ(HTTP_HOST="")) is None


@pytest.mark.parametrize(
    ("sent", "expected"), [("https", "https"), ("http", "http"), ("https, http", "https"), (None, "http")]
)
def test_the_scheme_is_the_one_that_django_sees(sent: str | None, expected: str) -> None:
    request: dict[str, Any] = {"wsgi.url_scheme": "http"}
    if sent is not None:
        request["HTTP_X_FORWARDED_PROTO"] = sent
    assert scheme_of(request, ("HTTP_X_FORWARDED_PROTO", "https")) == expected
    assert scheme_of(request, None) == "http", "no proxy is trusted"


def test_who_may_see_something_of_their_own() -> None:
    names = ("sessionid", "messages")
    assert is_personal({"HTTP_COOKIE": "a=1; sessionid=x"}, names)
    assert not is_personal({"HTTP_COOKIE": "csrftoken=x; theme=dark"}, names)
    assert not is_personal({}, names)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("*", "br"),
        ("br;q=0, gzip", "gzip"), ("br;q=0", ""), ("*;q=0", ""), ("GZIP;Q=1.0", "gzip"), ("gzip;q=0.5, br;q=0.1", "br"),
        ("zstd, gzip", "zstd"), ("gzip;;;", "gzip"), (",,;q=1,", ""),
    ],
)  # fmt: skip
def test_the_smallest_accepted_encoding_is_chosen(header: str, expected: str) -> None:
    assert encodings.choose(header) == expected


@given(st.binary(max_size=5000))
def test_compression_keeps_every_byte(body: bytes) -> None:
    assert brotli.decompress(encodings.compress(body, "br")) == body
    assert zstandard.ZstdDecompressor().decompress(encodings.compress(body, "zstd")) == body
    assert gzip.decompress(encodings.compress(body, "gzip")) == body
    assert encodings.compress(body, "gzip") == encodings.compress(body, "gzip"), "equal pages, equal bytes"


def test_an_address_is_read_as_django_reads_it() -> None:
    assert parse_qs(clean_query("a=%FF&b=%E2%82%AC")) == {"a": ["\ufffd"], "b": ["€"]}
