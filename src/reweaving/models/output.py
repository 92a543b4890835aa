"""What a documented model returns: a dictionary whose values are attributes as well."""

from __future__ import annotations

from typing import Any


class CMROutput(dict[str, Any]):
    """``outputs["logits"]``, and ``outputs.logits`` as Hugging Face's outputs have it."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(f"this output has no {name!r}; it has {', '.join(self)}")
        return self[name]
