"""What an attached model takes over from its calibration, where its user has not decided otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from reweaving.capture.layers import key_layer
from reweaving.errors import ConfigurationError
from reweaving.memory.bound_model import KEY_LAYER_NOTE, kept_key_layer
from reweaving.memory.memory import Memory
from reweaving.retrieval.calibration import Calibration
from reweaving.retrieval.judge import Judge
from reweaving.retrieval.judge_witness import Witness
from reweaving.retrieval.retriever import RecallConfig


def recall_settings(
    given: RecallConfig, calibration: Calibration | None, layer: int
) -> RecallConfig:
    """The settings with the calibrated gate, unless a threshold was given or evidence is of another layer."""
    if calibration is None or calibration.key_layer != layer:
        return given
    if "threshold" in given.model_fields_set:
        return given
    return given.replace(threshold=calibration.threshold)


def judge_of(
    given: RecallConfig,
    calibration: Calibration | None,
    witness: Witness | None,
    layer: int,
) -> Judge | None:
    """The model as judge; None where it was not calibrated for that, or is not to be asked."""
    if witness is None or calibration is None or calibration.judge is None:
        return None
    measured = calibration.judge
    if calibration.key_layer != layer:
        measured = measured.replace(margin=None)  # of evidence at another layer
    return Judge(witness, measured, given.judge) if given.judge.enabled else None


def settled_key_layer(
    asked: int | None,
    captured: Sequence[int],
    depth: int,
    memory: Memory,
    fingerprint: str,
    calibration: Calibration | None,
) -> int:
    """The layer whose states are compared: one for all entries that a model has left in a memory.

    Parameters
    ----------
    asked
        By the user; None where the memory's entries, else the calibration, else the depth decide.
    captured, depth
        Layers that are captured, and how many there are.

    Raises
    ------
    ConfigurationError
        When another layer is asked for than that of the entries that are there.
    """
    kept = kept_key_layer(memory, fingerprint)
    filled = memory.stats().entries > 0
    if filled:  # entries of a memory that says nothing have the keys of the default layer
        there = key_layer(kept, captured, depth)
        if asked is not None and key_layer(asked, captured, depth) != there:
            raise ConfigurationError(
                f"key_layer = {asked}, and the entries that are there have the keys of layer {there}: keys of two "
                "layers cannot be compared. Leave key_layer out, or use an empty namespace"
            )
        asked = kept
    elif asked is None and calibration is not None:
        asked = calibration.key_layer
    layer = key_layer(asked, captured, depth)
    if not filled and kept != layer:
        memory.set_note(KEY_LAYER_NOTE.format(fingerprint), layer)
    return layer
