"""Messages drawn by hypothesis from their classes, so that a new class or field cannot be forgotten."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from engine.messages import ClientMessage, Message, ServerMessage

CLIENT: tuple[type[Message], ...] = get_args(ClientMessage)
SERVER: tuple[type[Message], ...] = get_args(ServerMessage)

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10)
)
JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def instances(cls: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any instance of a message class whose fields keep their ranges; texts and lists stay short."""
    return _values(inspect.type_info(cls))


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            fields = {field.name: _values(field.type) for field in kind.fields}
            return st.builds(kind.cls, **fields)
        case inspect.IntType():
            return st.integers(kind.ge, kind.le)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.StrType():
            return st.text(max_size=min(kind.max_length or 20, 20))
        case inspect.BytesType():
            return st.binary(max_size=50).map(lambda pcm: pcm[: len(pcm) // 2 * 2])
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return JSON
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.UnionType():
            return st.one_of(*(_values(member) for member in kind.types))
        case inspect.VarTupleType():
            return st.lists(_values(kind.item_type), max_size=4).map(tuple)
        case inspect.DictType():
            return st.dictionaries(_values(kind.key_type), _values(kind.value_type), max_size=4)
        case _:
            raise NotImplementedError(kind)
