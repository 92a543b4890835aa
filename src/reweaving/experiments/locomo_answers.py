"""What memory is for: how likely the gold answer is with nothing, with its evidence, and with recall."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from reweaving.experiments.locomo_reading import Asked, ReadDialogue
from reweaving.retrieval.retriever import Recall
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry

WAYS = ("none", "evidence_as_text", "evidence_woven", "evidence_woven_from_session", "cmr")


def drawn(asked: Sequence[Asked], count: int, generator: random.Random) -> list[Asked]:
    """Questions whose answers are measured."""
    return generator.sample(list(asked), min(count, len(asked)))


@torch.no_grad()
def answer_nll(
    woven: Reweaver, recall: Recall, read: ReadDialogue, asked: Asked
) -> dict[str, float]:
    """Nats per token of the gold answer, by each of `WAYS`; its tokens, and the spans of evidence and recall.

    All ways named after the evidence take the tokens of its turns and none of a turn that shares a span with them.
    ``evidence_as_text`` and ``evidence_woven`` are the same tokens, read the same way: each turn of the
    evidence alone behind the start token, as text in front of the request, or woven. One turn as text is the
    same thing as one turn woven; of several, those woven did not see each other.
    ``evidence_woven_from_session`` and ``cmr`` weave what the memory holds: states that saw the session
    around the turn, which no text of the turn alone can say.
    """
    question = asked.question
    request = woven.chat.request(question.text)
    answer = woven.tokenizer(question.answer, add_special_tokens=False)["input_ids"]
    turns = read.parts_of(question.evidence)
    evidence = [part for turn in turns for part in turn]
    start = [token for token in (woven.chat.start_id,) if token is not None]
    pasted = [token for part in evidence for token in part.token_ids]
    with woven.paused():
        found = {
            "none": _nll(woven, request, answer),
            "evidence_as_text": _nll(woven, [*start, *pasted, *request], answer),
        }
    found_again = recall.search(
        asked.states,
        question.text,
        query_words=asked.words,
        budget_tokens=woven.config.budget_tokens,
    )
    hits: list[MemoryEntry] = [hit.entry for hit in found_again]
    alone = [
        entry
        for turn in turns
        for entry in woven.capture([*start, *(token for part in turn for token in part.token_ids)])
    ]
    woven_ways = {"evidence_woven": alone, "evidence_woven_from_session": evidence, "cmr": hits}
    for way, entries in woven_ways.items():
        with woven.weaving(entries) if entries else woven.paused():
            found[way] = _nll(woven, request, answer)
    return found | {
        "answer_tokens": len(answer),
        "evidence_spans": len(evidence),
        "recalled_spans": len(hits),
    }


def _nll(woven: Reweaver, prompt: Sequence[int], answer: Sequence[int]) -> float:
    ids = torch.tensor([[*prompt, *answer]]).to(woven.model.device)
    logits = woven.model(input_ids=ids, use_cache=False).logits[0, len(prompt) - 1 : -1]
    return float(torch.nn.functional.cross_entropy(logits.float(), ids[0, len(prompt) :]))
