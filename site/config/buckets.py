"""Files in S3-compatible buckets, which no visitor needs to reach: this site or its nginx passes them on.

So addresses of files are the same as on one machine, a withdrawn file answers 410, and no other company
learns who reads what. S3_PUBLIC_URL sends visitors to another address for files, for instance that of a CDN.
"""

from __future__ import annotations

import os
import threading
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.exceptions import ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

SIGNED_SECONDS = 300


class Bucket(S3Storage):
    """A bucket with one connection for each process. (One for each thread costs 10 MB each.)"""

    _shared: tuple[int, Any] | None = None
    _prepared: Any = None
    _lock = threading.Lock()

    def prepare(self) -> None:
        """Make the connection's objects (30 MB) in a process that forks others and never uses them."""
        self._prepared = self._connected()

    @property
    def connection(self) -> Any:
        """Return the connection of this process; a new one after a fork."""
        shared = self._shared
        if shared is None or shared[0] != os.getpid():
            with self._lock:
                shared = self._shared
                if shared is None or shared[0] != os.getpid():
                    self._bucket = None
                    self._shared = shared = os.getpid(), self._prepared or self._connected()
                    self._prepared = None
        return shared[1]

    def _connected(self) -> Any:
        return self._create_session().resource(
            "s3",
            region_name=self.region_name,
            use_ssl=self.use_ssl,
            endpoint_url=self.endpoint_url,
            config=self.client_config,
            verify=self.verify,
        )

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {name: value for name, value in state.items() if name not in {"_shared", "_prepared"}}


class PublicBucket(Bucket):
    """Public copies. `public_url`: where visitors fetch them; below MEDIA_URL of this site by default."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "public_url": ""}

    def url(self, name: str, *_args: Any, **_options: Any) -> str:
        """Return the lasting address of a file, which says nothing about the bucket."""
        base = self.public_url or settings.MEDIA_URL
        return f"{base.rstrip('/')}/{quote(clean_name(name).lstrip('/'))}"

    def signed_address(self, name: str, headers: dict[str, str]) -> str:
        """Return path and query of a signed address below the bucket's host, without the leading slash.

        The signature asks the bucket for our headers, since nginx passes on those of the last response.
        """
        parameters = {
            f"Response{header.replace('-', '')}": headers[header]
            for header in ("Content-Type", "Cache-Control", "Content-Disposition")
            if header in headers
        }
        address = urlsplit(super().url(name, parameters=parameters, expire=SIGNED_SECONDS))
        return f"{address.path.lstrip('/')}?{address.query}"

    def fetch(self, name: str, **wanted: str) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the bucket's answer: 200 or 206 with a "Body", 304, 404 or 416 without.

        `wanted`: `Range` and `IfNoneMatch` of the request. Raises ClientError for all else.
        """
        try:
            found = self.bucket.Object(self._normalize_name(clean_name(name))).get(**wanted)
        except ClientError as error:
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
            if status not in {304, 404, 416}:
                raise
            return status, {}
        return (206 if "ContentRange" in found else 200), found
