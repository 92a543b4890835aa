"""What is read, woven and refused: ids, masks, rows, budgets."""

from __future__ import annotations

import pytest
import torch

from families import make, padded, tokens
from reweaving.errors import InputError
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models import FullCMRModel
from reweaving.types import MemoryEntry


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (torch.zeros(1, 2, 3, dtype=torch.long), "shape"),
        (torch.zeros(1, 4), "whole numbers"),
        (torch.tensor([[2, 160]]), "vocabulary|160 tokens"),
        (torch.tensor([[2, -1]]), "-1"),
        (torch.full((1, 513), 3), "513 tokens are more than the 512"),
    ],
)
def test_ids_that_cannot_be_read(ids: torch.Tensor, said: str) -> None:
    with FullCMRModel(make("llama")) as model, pytest.raises(InputError, match=said):
        model(ids)


@torch.no_grad()
@pytest.mark.parametrize("side", ["left", "right"])
def test_rows_are_alone(side: str) -> None:
    rows = [tokens(9, seed=1), tokens(23, seed=2)]
    ids, mask = padded(rows, side)
    said = tokens(40, seed=3)
    with FullCMRModel(make("llama", "sdpa"), {"relevance_threshold": 0.0}) as model:
        model(said)
        together = model(ids, mask)
        kept = [e for e in model.memory_buffer.get_all_entries() if e.sequence_id != 1]
        assert sorted(e.tokens for e in kept) == [9, 23]
        assert len({e.sequence_id for e in kept}) == 2
        model.memory_buffer.discard([e.id for e in kept])
        for row, alone in enumerate(rows):
            single = model(alone).logits[0]
            model.memory_buffer.clear_sequence(model.current_sequence_id)
            torch.testing.assert_close(
                together.logits[row][mask[row] == 1], single, atol=1e-4, rtol=0
            )


@torch.no_grad()
def test_the_budget_and_what_the_prompt_holds() -> None:
    settings = {"relevance_threshold": 0.0, "retrieval_budget": 2}
    with FullCMRModel(make("llama"), settings) as model:
        for seed in range(5):
            model(tokens(20, seed=seed))
        asked = model(tokens(6, seed=9), return_memory_info=True)
        assert len(asked.memory_info["woven"]) == 2
        assert asked.retrieval_stats["candidates"] == 5
        held = model(torch.cat([tokens(20, seed=3), tokens(6, seed=8)], 1), return_memory_info=True)
        assert 4 not in [woven["sequence_id"] for woven in held.memory_info["woven"]]


@torch.no_grad()
def test_every_layer_woven_is_exact() -> None:
    """With everything captured and woven, a request gets what one pass gives."""
    said, asked = tokens(30, seed=1), tokens(6, seed=2)
    plain = make("llama", "sdpa")
    expected = plain(torch.cat([said, asked], 1)).logits[:, 30:]
    with FullCMRModel(plain, {"relevance_threshold": 0.0}) as model:
        model(said)
        assert (model(asked).logits - expected).abs().max() <= 1e-4


def test_entries_made_by_hand_are_held_but_not_woven() -> None:
    with FullCMRModel(make("llama")) as model:
        model.memory_buffer.add_entry(MemoryEntry(torch.ones(48), 2, 0, 0, 0.9))
        assert model(tokens(6)).retrieval_stats["woven_entries"] == 0


def test_a_scorer_and_a_threshold_of_ones_own() -> None:
    class Rising(torch.nn.Module):
        def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return torch.linspace(0, 1, states.shape[1])[None] * mask

    with FullCMRModel(make("llama"), {"relevance_threshold": 0.8}, scorer=Rising()) as model:
        model(tokens(120))
        (kept,) = model.memory_buffer.get_all_entries()
        assert kept.position_idx > 0
        assert kept.relevance_score >= 0.8


@torch.no_grad()
def test_generate_with_beams_keeps_the_prompt() -> None:
    with FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        out = model.generate(tokens(8), max_new_tokens=4, num_beams=3, do_sample=False)
        assert out.shape[1] <= 12
        assert [e.tokens for e in model.memory_buffer.get_all_entries()] == [8]
        model.generate(tokens(8, seed=4), max_new_tokens=4, min_new_tokens=4, do_sample=False)
        assert [e.tokens for e in model.memory_buffer.get_all_entries()] == [8, 11]


@torch.no_grad()
@pytest.mark.parametrize("use_memory", [True, False])
def test_every_pass_is_counted_with_what_it_wrote(use_memory: bool) -> None:
    with FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        ids, mask = padded([tokens(9, seed=1), tokens(5, seed=2)], "left")
        first = model(ids, mask, use_memory=use_memory).performance_stats
        assert (first["tokens"], first["total_tokens"]) == (14, 14)
        greedy = {"max_new_tokens": 4, "min_new_tokens": 4, "do_sample": False, "pad_token_id": 0}
        model.generate(ids, mask, use_memory=use_memory, **greedy)
        last = model(tokens(6, seed=3), use_memory=use_memory).performance_stats
        assert last["total_forward_passes"] == 3
        assert last["total_tokens"] == 14 + (14 + 2 * 4) + 6
        assert last["total_time"] > first["total_time"] + last["forward_time"]
        assert last["average_forward_time"] == pytest.approx(last["total_time"] / 3)
        assert last["tokens_per_second"] == pytest.approx(6 / last["forward_time"])


def test_recalled_and_not_woven() -> None:
    with FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        model(tokens(20))
        model.disable_memory()
        before = len(model.memory_buffer)
        plain = model(tokens(6)).logits
        model.enable_memory()
        assert not torch.equal(model(tokens(6)).logits, plain)
        assert torch.equal(model(tokens(6), use_memory=False).logits, plain)
        assert len(model.memory_buffer) == before + 1


def test_an_empty_buffer_of_ones_own_is_used() -> None:
    mine = LayeredMemoryBuffer(10, 20)
    assert FullCMRModel(make("llama"), memory_buffer=mine).memory_buffer is mine


@torch.no_grad()
def test_layer_outputs_are_what_comes_out_of_the_layers() -> None:
    seen: dict[int, torch.Tensor] = {}
    with FullCMRModel(make("llama")) as model:
        for number, layer in enumerate(model.adapter.layers):
            layer.register_forward_hook(
                lambda _m, _a, out, at=number: seen.update(
                    {at: out if isinstance(out, torch.Tensor) else out[0]}
                )
            )
        told = model(tokens(9), return_layer_outputs=True)["layer_outputs"]
    assert told.keys() == seen.keys()
    for layer, states in seen.items():
        assert torch.equal(told[layer], states)


def test_refused_layers_change_nothing() -> None:
    settings = {"target_layers": [0, 1, 2], "intervention_layers": [2]}
    with FullCMRModel(make("llama"), settings) as model:
        with pytest.raises(InputError, match="none of them is captured"):
            model.register_memory_hooks([0, 1])
        assert model.target_layers == (0, 1, 2)
        assert model.intervention_layers == (2,)


def test_what_runs_beside_a_model_ends_with_it() -> None:
    with FullCMRModel(make("llama")) as model:
        assert model.optimizer.prefetcher._thread is not None
        thread = model.optimizer.prefetcher._thread
    assert not thread.is_alive()
