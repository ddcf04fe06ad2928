"""Milliseconds since 1970 as people write them."""

from __future__ import annotations

from datetime import UTC, datetime


def local_day(at_ms: int) -> str:
    """ISO day at the user's place, as `2024-05-01`."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone().date().isoformat()


def utc_time(at_ms: int) -> str:
    """ISO time in UTC, as `2024-05-01T17:30:00Z`."""
    return datetime.fromtimestamp(at_ms // 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
