"""The demo's content as written in `demo/content`, before it is in the database. Pure."""

from __future__ import annotations

import tomllib
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from demo.prose import ContentError, Text, read

HERE = Path(__file__).resolve().parent
Entry = dict[str, Any]

# The address of each list, for links to pages that are not loaded yet.
SECTIONS = {
    "stories": "experiences",
    "videos": "videos",
    "cases": "case-studies",
    "treatments": "treatments",
    "news": "news",
}


class Content:
    """All content by kind. Texts are in the order of their file names."""

    def __init__(self, folder: Path = HERE / "content") -> None:
        self.folder = folder

    def _texts(self, name: str) -> list[Text]:
        return [read(path) for path in sorted((self.folder / name).glob("*.md"))]

    def _table(self, name: str) -> Entry:
        try:
            return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ContentError(f"{name}: {error}") from error

    @cached_property
    def stories(self) -> list[Text]:
        return self._texts("stories")

    @cached_property
    def videos(self) -> list[Text]:
        return self._texts("videos")

    @cached_property
    def pages(self) -> list[Text]:
        return self._texts("pages")

    @cached_property
    def news(self) -> list[Text]:
        return self._texts("news")

    @cached_property
    def treatments(self) -> list[Text]:
        return self._texts("treatments")

    @cached_property
    def faq(self) -> Text:
        return read(self.folder / "faq.md")

    @cached_property
    def cases(self) -> list[Entry]:
        return [self._table(f"cases/{path.name}") for path in sorted((self.folder / "cases").glob("*.toml"))]

    @cached_property
    def directory(self) -> Entry:
        return self._table("directory.toml")

    @cached_property
    def site(self) -> Entry:
        return self._table("site.toml")

    @cached_property
    def pictures(self) -> dict[str, Entry]:
        return {key: entry for key, entry in self._table("pictures.toml").items() if isinstance(entry, dict)}

    @cached_property
    def picture_credit(self) -> str:
        return str(self._table("pictures.toml")["credit"])

    @cached_property
    def recordings(self) -> dict[str, Entry]:
        return self._table("recordings.toml")

    @cached_property
    def paths(self) -> dict[str, str]:
        """Return the address of every page by key, e.g. '/experiences/too-early-to-say/'."""
        found = {"home": "/", "hospitals": "/hospitals/", "doctors": "/doctors/"}
        for entry in (*self.site["indexes"], *self.site["forms"]):
            found[entry["key"]] = f"/{entry['slug']}/"
        for text in (*self.pages, self.faq):
            found[text.head["key"]] = f"/{text.head['slug']}/"
        listed = {
            "stories": self.stories,
            "videos": self.videos,
            "treatments": self.treatments,
            "news": self.news,
        }
        for section, texts in listed.items():
            for text in texts:
                found[text.head["key"]] = f"/{SECTIONS[section]}/{text.head['slug']}/"
        for text in self.treatments:
            if "cohort" in text.head:
                found[f"report-{text.head['key']}"] = f"{found[text.head['key']]}report/"
        for case in self.cases:
            found[case["key"]] = f"/{SECTIONS['cases']}/{case['slug']}/"
        for section in ("hospitals", "doctors"):
            for entry in self.directory[section]:
                found[entry["key"]] = f"/{section}/{entry['slug']}/"
        return found

    def lead_pictures(self) -> set[str]:
        """Return the keys of the pictures at the top of a page, which are also shown on cards."""
        heads = [
            text.head for text in (*self.stories, *self.videos, *self.treatments, *self.news, *self.pages)
        ]
        entries = [*heads, *self.cases, *self.directory["hospitals"]]
        return {entry["picture"] for entry in entries if "picture" in entry}

    def digest(self, path: Path) -> str:
        """Return a short digest of a file's content."""
        return sha256(path.read_bytes()).hexdigest()[:12]
