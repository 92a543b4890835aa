"""What was measured on a model, so that recall can rely on it: `cmr calibrate` makes it, `attach` reads it."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field

from reweaving.config import Settings

if TYPE_CHECKING:
    from reweaving.memory.memory import Memory

_NOTE = "calibration"
_LIKE = (
    2e-4  # rounding to bfloat16 moves a norm by a hundredth of this, another adapter by many times
)


class JudgeCalibration(Settings):
    """What the judge goes by; see `reweaving.retrieval.judge`.

    Parameters
    ----------
    first, unknown, question
        Weights of the z-scores that rank candidates: the first stage's score, how unlikely the abstention
        is with the candidate woven, and how much likelier it makes the question.
    needs
        Probability of the abstention with nothing woven from which on a request needs memory. Below it the
        model would answer anyway, and has no say: then the first stage decides.
    most_unknown
        The gate: probability of the abstention above which a candidate is not woven.
    slack
        How far behind the best candidate's rank another one may be to be woven beside it.
    margin
        Lead of the first candidate over the second, in standard deviations of the first stage's scores
        over all candidates, from which on the judge is not asked; None where no lead is sure enough.
    """

    first: float = Field(ge=0.0)
    unknown: float = Field(ge=0.0)
    question: float = Field(ge=0.0)
    needs: float = Field(default=0.5, ge=0.0, le=1.0)
    most_unknown: float = Field(gt=0.0, le=1.0)
    slack: float = Field(default=0.0, ge=0.0)
    margin: float | None = Field(default=None, ge=0.0)


class Calibration(Settings):
    """One model, measured.

    Parameters
    ----------
    model, fingerprint
        Its name, and the digest of weights, configuration, dtype and tokenizer.
    key_layer
        Layer whose states find the right span most often.
    heads
        Retrieval heads, best first: layer, head, and in how many of the probes the right span got most
        of that head's attention.
    centre
        Mean of the probes' states at the key layer, shape ``(hidden,)``.
    threshold
        Evidence of the first stage that lets through `false_weave_rate` of the irrelevant requests.
    judge
        None where the model is no judge; then the first stage decides alone.
    figures
        What was found on the probes, with and without calibration.
    likeness
        Norm of every weight matrix: tells the same weights in another dtype or from another machine.
    """

    model: str
    fingerprint: str
    key_layer: int = Field(ge=0)
    heads: tuple[tuple[int, int, float], ...] = ()
    centre: tuple[float, ...] = ()
    threshold: float = Field(ge=0.0)
    false_weave_rate: float = Field(ge=0.0, le=1.0)
    judge: JudgeCalibration | None = None
    figures: dict[str, float] = Field(default_factory=dict)
    likeness: tuple[float, ...] = ()

    @classmethod
    def of_note(cls, note: dict[str, Any]) -> Self:
        """From the JSON that `as_note` gave."""
        return cls(**note)

    def as_note(self) -> dict[str, Any]:
        """As JSON values."""
        note: dict[str, Any] = json.loads(self.model_dump_json())
        return note

    def keep(self, memory: Memory) -> None:
        """Store it beside the entries of a memory."""
        memory.set_note(_note(self.fingerprint), self.as_note())


def find_calibration(model: Any, fingerprint: str, memory: Memory) -> Calibration | None:
    """The calibration of exactly this model kept in a memory, or one that comes with the package, or None."""
    kept = memory.note(_note(fingerprint))
    if kept is not None:
        return Calibration.of_note(kept)
    shipped = [one for one in _shipped() if len(one.likeness) == _matrices(model)]
    if not shipped:
        return None
    norms = likeness(model)
    return next((one for one in shipped if _alike(one.likeness, norms)), None)


def likeness(model: Any) -> tuple[float, ...]:
    """Frobenius norm of every weight matrix, in the order of the model's parameters."""
    return tuple(
        float(weight.detach().float().norm())
        for weight in model.parameters()
        if weight.ndim == 2 and weight.device.type != "meta"
    )


def _matrices(model: Any) -> int:
    return sum(weight.ndim == 2 for weight in model.parameters())


def _alike(kept: tuple[float, ...], norms: tuple[float, ...]) -> bool:
    pairs = zip(kept, norms, strict=False)
    return len(kept) == len(norms) and all(abs(a - b) <= _LIKE * abs(a) for a, b in pairs)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Calibration, ...]:
    folder = files("reweaving.retrieval") / "calibrations"
    return tuple(
        Calibration.of_note(json.loads(file.read_text("utf-8")))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    )


def _note(fingerprint: str) -> str:
    return f"{_NOTE} {fingerprint}"
