"""`typing.NamedTuple` without `typing`, which alone costs a fifth of the time that a hook takes.

To a type checker it is the real one; at run time the class body's annotations become the fields of
a `collections.namedtuple`, which nearly every program has loaded already."""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:

    class _NamedTupleMeta(type):
        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(mcs, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body.pop(field) for field in fields if field in body]
            record = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for each, value in body.items():
                setattr(record, each, value)  # a class below it would cost as much again
            return record

    class NamedTuple(metaclass=_NamedTupleMeta):
        """Base of the records, in the class form of `typing.NamedTuple`."""


__all__ = ["NamedTuple"]
