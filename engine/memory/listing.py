"""Rows of the record as clients see them: plain JSON values."""

from __future__ import annotations

import sqlite3
from typing import Any

from engine.memory.days import utc_time


def turn_entry(row: sqlite3.Row) -> dict[str, Any]:
    """One exchange of the history. `outcome` is null while the reply is not over."""
    return {
        "id": row["id"],
        "session": row["session"],
        "at": utc_time(row["at_ms"]),
        "user": row["text"],
        "reply": row["reply"],
        "emotion": row["reply_emotion"],
        "outcome": row["outcome"],
    }


def turn_memory(row: sqlite3.Row) -> dict[str, Any]:
    """A turn among search results."""
    return {"id": f"turn:{row['id']}", "kind": "turn", "text": row["text"], "at": utc_time(row["at_ms"])}


def memory_entry(row: sqlite3.Row) -> dict[str, Any]:
    """A fact or a note. `until` is null while it holds; `turns` are the turns that told it."""
    return {
        "id": row["item"],
        "kind": row["kind"],
        "text": row["text"],
        "at": utc_time(row["valid_from"]),
        "until": None if row["valid_to"] is None else utc_time(row["valid_to"]),
        "slot": row["slot"],
        "value": row["value"],
        "pinned": bool(row["pinned"]),
        "turns": turn_ids(row),
    }


def turn_ids(memory: sqlite3.Row) -> list[int]:
    """Turns that are the evidence of a memory, oldest first."""
    return sorted(int(turn) for turn in (memory["turn_ids"] or "").split(",") if turn)
