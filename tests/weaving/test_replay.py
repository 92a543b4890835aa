"""States that were not kept are made again as the attached model reads now."""

from __future__ import annotations

import torch

import reweaving
from families import make, tokens
from reweaving import ReweavingConfig
from reweaving.types import MemoryEntry
from reweaving.weaving.replay import reread


@torch.no_grad()
def test_entries_that_were_stored_with_fewer_layers_are_read_again_with_those_at_hand() -> None:
    model = make("llama")
    read, asked = tokens(24, seed=1), tokens(7, seed=2)
    expected = model(torch.cat([read, asked], dim=1)).logits[:, 24:]
    with reweaving.attach(model, config=ReweavingConfig(codec="replay", layers=(0,))) as woven:
        entries = woven.capture(read)
    assert {entry.layers for entry in entries} == {(0,)}
    with reweaving.attach(model) as woven, woven.weaving(entries):
        assert (model(asked).logits - expected).abs().max() <= 1e-4


def test_each_span_gets_its_own_states_in_a_session_longer_than_the_window() -> None:
    def read(ids: torch.Tensor) -> list[MemoryEntry]:
        windows.append(ids.shape[1])
        return [MemoryEntry(ids.float()[:, :, None], (0,), "s", 0)]  # each token's state is its id

    windows: list[int] = []
    session = [
        MemoryEntry(None, (0,), "s", 4 * at, codec="replay", token_ids=tuple(range(4 * at, 4 * at + 4)))
        for at in range(8)
    ]  # fmt: skip
    asked = [session[at] for at in (0, 5, 7)]
    made = reread(asked, lambda _: session, (), read, longest=10)
    assert [entry.id for entry in made] == [entry.id for entry in asked]
    for entry in made:
        assert entry.hidden_state is not None
        assert entry.hidden_state[0, :, 0].tolist() == list(entry.token_ids)
    assert windows == [10, 10, 4]


@torch.no_grad()
def test_rows_with_spans_of_one_session_read_it_again_once() -> None:
    model = make("llama")
    with reweaving.attach(model, config=ReweavingConfig(codec="replay")) as woven:
        entries = woven.capture(tokens(200))[1:]
        assert len(entries) > 1
        with woven.weaving(entries):
            pass  # from now on the start token's state is at hand
        passes: list[int] = []
        hook = model.model.register_forward_pre_hook(lambda *_: passes.append(1))
        with woven.weaving([[entry] for entry in entries]):
            assert len(passes) == 1
        hook.remove()
