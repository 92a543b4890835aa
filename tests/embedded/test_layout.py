"""The mask that training uses is what weaving does, by an independent reference."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
from transformers import DynamicCache, LlamaForCausalLM

from reweaving.embedded.block_attention import NAME, plan_scene, register
from reweaving.embedded.dialogues.scene import Block, Question, Scene, Turn
from reweaving.embedded.dialogues.scenes import training_scene
from reweaving.embedded.layout import Layout, SceneEncoder, lay_out_scene


def laid_out(encoder: SceneEncoder, scene: Scene) -> tuple[Layout, list[list[int]]]:
    answers = [encoder.answer(question.answer or "Fine.") for question in scene.questions]
    return lay_out_scene(encoder, scene, answers), answers


def dense(model: LlamaForCausalLM, layout: Layout) -> torch.Tensor:
    mask = torch.zeros(layout.visible.shape).masked_fill(~layout.visible, -1e30)[None, None]
    with torch.no_grad():
        return model(
            input_ids=layout.token_ids[None],
            position_ids=layout.positions[None],
            attention_mask=mask,
            use_cache=False,
        ).logits[0]


def captured(model: LlamaForCausalLM, ids: list[int], start: int, kept: int) -> Any:
    """Read one session by itself, its first token at position `start`; keep the last tokens' K and V."""
    cache = DynamicCache()
    positions = torch.arange(start, start + len(ids))[None]
    with torch.no_grad():
        model(input_ids=torch.tensor([ids]), position_ids=positions, past_key_values=cache)
    return [(layer.keys[:, :, -kept:], layer.values[:, :, -kept:]) for layer in cache.layers]


def two_passes(
    model: LlamaForCausalLM,
    encoder: SceneEncoder,
    scene: Scene,
    question: Question,
    answer: list[int],
) -> torch.Tensor:
    """Capture each session alone, put sink and spans into a cache, then read the request."""
    far = 1000  # all positions are shifted alike, so that no prefix stands at a negative one
    request = encoder.request(question) + answer[:-1]
    pieces, at = [], far + 1
    blocks = [encoder.block(block) for block in scene.blocks[question.first : question.last]]
    for prefix, woven in blocks:
        pieces.append(captured(model, prefix + woven, at - len(prefix), len(woven)))
        at += len(woven)
    cache = DynamicCache()
    if blocks:
        pieces.insert(0, captured(model, blocks[0][0][:1], far, 1))
        for layer in range(model.config.num_hidden_layers):
            keys = torch.cat([piece[layer][0] for piece in pieces], dim=2)
            values = torch.cat([piece[layer][1] for piece in pieces], dim=2)
            cache.update(keys, values, layer)
    with torch.no_grad():
        return model(
            input_ids=torch.tensor([request]),
            position_ids=torch.arange(at, at + len(request))[None],
            past_key_values=cache,
        ).logits[0]


@pytest.mark.parametrize("seed", range(4))
def test_one_masked_pass_equals_capturing_each_session_and_weaving(
    tiny: LlamaForCausalLM, encoder: SceneEncoder, seed: int
) -> None:
    scene = training_scene(random.Random(seed), questions=5)
    layout, answers = laid_out(encoder, scene)
    logits = dense(tiny, layout)
    for number, question in enumerate(scene.questions):
        first, stop = layout.groups[layout.memory_groups + number]
        expected = two_passes(tiny, encoder, scene, question, answers[number])
        assert torch.allclose(logits[first:stop], expected, atol=1e-4)


def test_the_reference_notices_a_request_that_sees_too_much(
    tiny: LlamaForCausalLM, encoder: SceneEncoder
) -> None:
    scene = training_scene(random.Random(0), questions=1)
    layout, answers = laid_out(encoder, scene)
    first, stop = layout.groups[-1]
    layout.visible[first:stop, :first] = True
    expected = two_passes(tiny, encoder, scene, scene.questions[0], answers[0])
    assert not torch.allclose(dense(tiny, layout)[first:stop], expected, atol=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_attention_without_the_masked_pairs_gives_the_same(
    tiny: LlamaForCausalLM, encoder: SceneEncoder, seed: int
) -> None:
    layout, _ = laid_out(encoder, training_scene(random.Random(seed), questions=6))
    expected = dense(tiny, layout)
    register()
    tiny.set_attn_implementation(NAME)
    with torch.no_grad():
        found = tiny(
            input_ids=layout.token_ids[None],
            position_ids=layout.positions[None],
            attention_mask=torch.zeros(1, 1, 1, 1),
            use_cache=False,
            scene_plan=plan_scene(layout, torch.float32),
        ).logits[0]
    assert torch.allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_attention_on_what_answers_is_what_eager_attention_pays(
    tiny: LlamaForCausalLM, encoder: SceneEncoder, seed: int
) -> None:
    scene = training_scene(random.Random(seed), questions=6)
    layout, _ = laid_out(encoder, scene)
    tiny.set_attn_implementation("eager")
    with torch.no_grad():
        eager = (
            tiny(
                input_ids=layout.token_ids[None],
                position_ids=layout.positions[None],
                attention_mask=torch.where(layout.visible, 0.0, torch.finfo(torch.float32).min)[
                    None, None
                ],
                use_cache=False,
                output_attentions=True,
            )
            .attentions[1][0]
            .sum(dim=0)
        )  # (tokens, tokens)
    woven_of = [-1] * len(layout.token_ids)
    for number, block in enumerate(scene.blocks):
        _, stop = layout.groups[number]
        for at in range(stop - len(encoder.block(block)[1]), stop):
            woven_of[at] = number
    owner = torch.tensor(woven_of)
    expected = []
    for at in (layout.asked >= 0).nonzero()[:, 0].tolist():
        question = scene.questions[int(layout.asked[at])]
        row = eager[at]
        held = sum(row[owner == block].sum() for block in set(question.holding))
        others = set(range(question.first, question.last)) - set(question.holding)
        expected.append([float(held), sum(float(row[owner == block].sum()) for block in others)])
    register()
    tiny.set_attn_implementation(NAME)
    plan = plan_scene(layout, torch.float32, watched=[1])
    with torch.no_grad():
        tiny(
            input_ids=layout.token_ids[None],
            position_ids=layout.positions[None],
            attention_mask=torch.zeros(1, 1, 1, 1),
            use_cache=False,
            scene_plan=plan,
        )
    assert torch.allclose(plan.looked_up[1], torch.tensor(expected), atol=1e-4)


def test_a_session_without_system_prompt_gives_its_start_token_away(encoder: SceneEncoder) -> None:
    block = Block(None, (), (Turn("user", "My dog is called Rex."),))
    prefix, woven = encoder.block(block)
    assert encoder.tokenizer.decode(prefix) == "<|im_start|>"
    assert encoder.tokenizer.decode(woven) == "user\nMy dog is called Rex.<|im_end|>\n"


def test_a_cut_turn_is_woven_from_the_cut_on(encoder: SceneEncoder) -> None:
    block = Block("Be brief.", (), (Turn("user", "It is green."),), head="About my car.")
    prefix, woven = encoder.block(block)
    assert encoder.tokenizer.decode(prefix).endswith("<|im_start|>user\nAbout my car.")
    assert encoder.tokenizer.decode(woven) == " It is green.<|im_end|>\n"
    open_end = Block("Be brief.", (), (Turn("user", "It is green."),), unfinished=True)
    assert encoder.tokenizer.decode(encoder.block(open_end)[1]) == "<|im_start|>user\nIt is green."


def test_targets_are_the_answers_and_nothing_else(encoder: SceneEncoder) -> None:
    scene = training_scene(random.Random(2), questions=3)
    layout, answers = laid_out(encoder, scene)
    for number, answer in enumerate(answers):
        assert layout.targets[layout.asked == number].tolist() == answer
    assert (layout.targets >= 0).sum() == sum(map(len, answers))


def test_what_decides_an_answer_is_its_first_token_and_its_values(encoder: SceneEncoder) -> None:
    for seed in range(12):
        for question in training_scene(random.Random(seed), 8).questions:
            if question.answer is None:
                continue
            ids = encoder.answer(question.answer)
            decisive = encoder.decisive(question.answer, question.values)
            assert len(decisive) == len(ids)
            assert decisive[0]
            said = encoder.tokenizer.decode(
                [token for token, one in zip(ids, decisive, strict=True) if one]
            )
            assert all(value.lower() in said.lower() for value in question.values)
            assert question.values or sum(decisive) == 1
