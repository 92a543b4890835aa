"""The base of every settings class: frozen, checked where it is built, unknown names refused."""

from __future__ import annotations

import difflib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from reweaving.errors import ConfigurationError


class Settings(BaseModel):
    """Frozen settings whose mistakes are `ConfigurationError`, naming field, value and remedy.

    Raises
    ------
    ConfigurationError
        For an unknown name (with the nearest known one), a wrong type, or a value out of range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ConfigurationError(_explain(type(self), error)) from error

    def replace(self, **values: Any) -> Self:
        """A copy with some settings changed, checked like a new one."""
        return type(self)(**{**dict(self), **values})


def _explain(owner: type[BaseModel], error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"]) or owner.__name__
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(name, owner.model_fields, n=1, cutoff=0.5)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known: {', '.join(owner.model_fields)}"
            )
            lines.append(f"{owner.__name__} has no setting {name!r}: {hint}")
        else:
            said = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{owner.__name__}.{name} = {problem['input']!r}: {said}")
    return "; ".join(lines)
