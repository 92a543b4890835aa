"""Blocks are read once, as the sessions they are."""

from __future__ import annotations

import torch

import reweaving
from families import make
from reweaving import ReweavingConfig
from reweaving.training.examples import Block
from reweaving.training.reading import BlockReader, right_padded

BLOCKS = [
    Block(
        (1, 40),
        tuple(range(5, 5 + length)),
    )
    for length in (12, 30, 7, 90)
]
CONFIG = ReweavingConfig(codec="hidden", layers=(1, 3))


@torch.no_grad()
def test_memories_are_what_capturing_each_session_gives() -> None:
    with reweaving.attach(make("llama", "sdpa"), config=CONFIG) as woven:
        read = BlockReader().memories(woven, BLOCKS)
        for block, entries in zip(BLOCKS, read, strict=True):
            whole = woven.capture(torch.tensor([block.before + block.woven]))
            expected = torch.cat([entry.hidden_state for entry in whole], dim=1)[:, 2:]
            got = torch.cat([entry.hidden_state for entry in entries], dim=1)
            torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)
            assert sum((entry.token_ids for entry in entries), ()) == block.woven
            assert entries[0].position_idx == 2
            assert all(entry.layers == (1, 3) for entry in entries)


@torch.no_grad()
def test_a_block_is_read_once_for_every_layer() -> None:
    model = make("llama", "sdpa")
    passes: list[int] = []
    model.model.register_forward_pre_hook(
        lambda _, __, given: passes.append(len(given["input_ids"])), with_kwargs=True
    )
    reader = BlockReader()
    with reweaving.attach(model, config=CONFIG) as woven:
        passes.clear()
        reader.memories(woven, [*BLOCKS, BLOCKS[0]])
        assert passes == [4]
        reader.memories(woven, BLOCKS[:2])
    with reweaving.attach(model, config=ReweavingConfig(codec="hidden")) as woven:
        passes.clear()
        (session, *_) = reader.sessions(woven, BLOCKS[:1])
        assert passes == []
        assert sum(entry.tokens for entry in session) == 14
        assert session[0].layers == (0, 1, 2, 3)
    other = make("llama", "sdpa", seed=3)
    with reweaving.attach(other, config=CONFIG) as woven:  # another model's states are others
        (mine,) = reader.memories(woven, BLOCKS[:1])
        assert not torch.equal(mine[0].hidden_state, session[0].hidden_state[[1, 3], 2:])


@torch.no_grad()
def test_no_more_is_kept_than_allowed() -> None:
    with reweaving.attach(make("llama"), config=CONFIG) as woven:
        everything = BlockReader()
        everything.sessions(woven, BLOCKS)
        tokens = sum(len(block.before + block.woven) for block in BLOCKS)
        # four layers of 48 floats, and a key of 48 in bfloat16
        assert everything.held_bytes == tokens * (4 * 48 * 4 + 48 * 2)
        small = BlockReader(everything.held_bytes // 2)
        read = small.memories(woven, BLOCKS)
        assert small.held_bytes <= small.most_bytes
        assert [sum(e.tokens for e in memory) for memory in read] == [12, 30, 7, 90]


def test_padding_is_on_the_right() -> None:
    ids, mask = right_padded([(5, 6), (7,)])
    assert ids.tolist() == [[5, 6], [7, 0]]
    assert mask.tolist() == [[1, 1], [1, 0]]
