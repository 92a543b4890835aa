"""What is woven into which request, and the record of the last one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import torch

from reweaving.adapters.base import BackboneAdapter
from reweaving.capture.hooks import current_recorder
from reweaving.errors import InputError, ReweavingError
from reweaving.memory.memory import Memory
from reweaving.types import MemoryEntry, Recollection
from reweaving.weaving.active import weave_in_place
from reweaving.weaving.builder import WeaveBuilder
from reweaving.weaving.record import WeaveRecord
from reweaving.weaving.weave import Weave

RecallRows = Callable[[torch.Tensor, torch.Tensor | None], Sequence[Sequence[Recollection]]]


class RequestWeaver:
    """Weaves what a user names, or what a recall finds, and remembers which it was.

    Parameters
    ----------
    recall
        What memory holds for each row of token ids ``(batch, seq)`` and their mask.
    may_weave
        Whether an entry may be woven.
    require_attached
        Raises when the model has been given back.
    """

    def __init__(
        self,
        adapter: BackboneAdapter,
        memory: Memory,
        builder: WeaveBuilder,
        *,
        recall: RecallRows,
        may_weave: Callable[[MemoryEntry], bool],
        require_attached: Callable[[], None],
    ) -> None:
        self._adapter, self._memory, self._builder = adapter, memory, builder
        self._recall, self._may_weave = recall, may_weave
        self._require_attached = require_attached
        self.last: WeaveRecord | None = None
        self._used: WeakKeyDictionary[Weave, list[str]] = WeakKeyDictionary()

    def named(self, entries: Sequence[Any]) -> Weave:
        """The weave of exactly these entries, as `Reweaver.weaving` says."""
        rows = (
            [list(row) for row in entries]
            if entries and isinstance(entries[0], (list, tuple))
            else [list(entries)]
        )
        for entry in (_entry_of(item) for row in rows for item in row):
            if not self._may_weave(entry):
                raise InputError(
                    f"entry {entry.id} is in quarantine, its source {entry.source!r} is not trusted; "
                    f"release it with memory.update({entry.id!r}, trust='user'), or allow all such "
                    "entries with RecallConfig(allow_untrusted=True)"
                )
        found = [
            [item if isinstance(item, Recollection) else Recollection(item, 1.0) for item in row]
            for row in rows
        ]
        return self._recorded(found)

    def plain(self) -> Weave:
        """A weave of nothing."""
        return Weave(self._adapter, [], ())

    def for_generate(self, ids: torch.Tensor, mask: torch.Tensor | None) -> Weave:
        """What `generate` weaves by itself: recall for each prompt, one row each."""
        self._require_attached()
        window = self._adapter.trained_length
        if ids.shape[1] > window:
            raise InputError(
                f"the prompt has {ids.shape[1]} tokens but the model's window holds {window}; "
                "remember what came before and ask with a shorter prompt"
            )
        known = self._memory.generation > 0
        found = self._recall(ids, mask) if known else [[] for _ in range(ids.shape[0])]
        weave = self._recorded(found, recalled=True)
        self._used[weave] = [hit.entry.id for row in found for hit in row]
        return weave

    def generated(
        self,
        sequences: torch.Tensor,
        mask: torch.Tensor | None,
        prompt: int,
        beams: int,
        ends: Sequence[int],
    ) -> None:
        """Keep what `generate` returned, for attribution, and note which entries it used.

        Noted now and not before: the first token does not wait for a disk.

        Parameters
        ----------
        sequences, mask
            Prompts and answers, shape ``(batch, seq)``, and the prompts' mask.
        prompt
            Tokens of a prompt.
        beams
            More than one where answers were searched for.
        ends
            Tokens that end an answer.
        """
        recorder = current_recorder(self._adapter)
        if recorder is not None:
            # The last token was chosen but never read; assisted decoding may have read candidates behind it. Beams
            # change places at every token: what was read behind their prompt belongs to no one sequence.
            recorder.drop_from(sequences.shape[1] - 1 if beams == 1 else prompt)
        weave = weave_in_place()
        if weave is None:
            return
        if self.last is not None and weave is self.last.weave:
            self.last.finish(sequences, mask, prompt, ends)
        used = self._used.pop(weave, [])
        if used:
            try:
                self._memory.touch(used)
            except ReweavingError as error:  # the answer is there; what is lost is a count
                warnings.warn(
                    f"that {len(used)} entries were used could not be noted: {error}",
                    RuntimeWarning,
                    stacklevel=3,
                )

    def _recorded(
        self, found: Sequence[Sequence[Recollection]], *, recalled: bool = False
    ) -> Weave:
        entries = [[hit.entry for hit in row] for row in found]
        weave = self._builder.build(entries, recalled=recalled)
        self.last = WeaveRecord(found, weave, self._adapter.model, self._require_attached)
        return weave


def _entry_of(item: MemoryEntry | Recollection) -> MemoryEntry:
    return item.entry if isinstance(item, Recollection) else item
