"""Every code block of the CMR documents runs as it stands, and does what the text around it promises."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Optional

import pytest
import torch
from transformers import AutoModelForCausalLM

from reweaving.errors import ConfigurationError
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models import AdvancedMemoryRetriever, FullCMRModel
from reweaving.models.advanced_retrieval import AdvancedRetrievalConfig
from reweaving.models.loading import _full_config
from reweaving.models.settings import CMRConfig
from reweaving.retrieval.base import RetrievalContext
from reweaving.scoring.relevance import RelevanceScorer
from reweaving.types import MemoryEntry
from reweaving.weaving.reconstruct import LayeredStateReconstructor
from reweaving.weaving.settings import ReconstructionConfig
from tests.spec.local import local_config, loud

Run = Callable[..., Any]
Ids = Callable[[str], torch.Tensor]

SAID = "My project is called Aurora. The tone of all its pages is concise and friendly."
ASKED = "Write the first line of a page for my project."


def hooks(model: torch.nn.Module) -> list[int]:
    return [len(module._forward_pre_hooks) for module in model.modules()]


@torch.no_grad()
def assert_memory_matters(model: Any, asked: torch.Tensor, **use: Any) -> None:
    """What is held changes logits and greedy continuations; without it the model is the plain one."""
    plain = model.backbone.generate  # with nothing decided, the memory beside it holds nothing
    before = model.backbone(asked).logits
    woven = model(asked, **use).logits
    assert (woven - before).abs().max() > 1e-3
    model.disable_memory()
    assert torch.equal(model(asked, **use).logits, before)
    assert torch.equal(model.backbone(asked).logits, before)
    model.enable_memory()
    sequences = model.current_sequence_id
    greedy = {"max_new_tokens": 8, "do_sample": False, "pad_token_id": 0}
    with_memory = model.generate(asked, **greedy)
    without = plain(asked, **greedy)
    assert not torch.equal(with_memory, without)
    assert torch.equal(model.generate(asked, use_memory=False, **greedy), without)
    assert model.current_sequence_id == sequences + 1  # what it wrote was read as well
    assert any(e.sequence_id == sequences + 1 for e in model.memory_buffer.get_all_entries())


def test_000_line035_usage(run: Run, hub: list[str], text_ids: Ids) -> None:
    """Initialise, enable, forward: hooks are set up, captured and integrated, and can be removed."""
    said = text_ids(SAID)
    ran = run("000", 35, input_ids=said, attention_mask=torch.ones_like(said))
    model, outputs = ran["model"], ran["outputs"]
    assert hub == ["mistralai/Ministral-8B-Instruct-2410"]
    assert [line for line in ran.said if "random" in line] == ran.said
    assert len(ran.said) == 1
    # "Layers to capture", "Max entries per layer", "Minimum relevance score"
    assert sorted(model.layer_hooks) == [2, 4, 6]
    assert outputs["memory_stats"]["layers_with_memory"] == [2, 4, 6]
    assert model.memory_buffer.limits.layer.entries == 100
    held = model.memory_buffer.get_all_entries()
    assert held
    assert all(entry.relevance_score >= 0.5 for entry in held)
    assert all(entry.sequence_id == model.current_sequence_id == 1 for entry in held)
    assert sum(entry.tokens for entry in held) <= said.shape[1]
    assert outputs["last_hidden_state"].shape == (1, said.shape[1], 32)
    assert outputs["logits"].shape == (1, said.shape[1], 49152)
    assert isinstance(model.memory_buffer, LayeredMemoryBuffer)
    assert isinstance(model.scorer, RelevanceScorer)
    assert_memory_matters(model, text_ids(ASKED))
    model.cleanup_hooks()
    assert model.layer_hooks == {}
    assert sum(hooks(model.backbone)) == 0


def test_001_line159_quickstart(run: Run, hub: list[str], text_ids: Ids) -> None:
    """Layers [4, 8, 12] on a 12-layer GPT-2 run, and the layer left out is named."""
    ran = run("001", 159)
    model, outputs = ran["model"], ran["outputs"]
    assert hub == ["openai-community/gpt2", "gpt2"]
    assert sum("[12] are left out" in line for line in ran.said) == 1
    assert sum("random" in line for line in ran.said) == 1
    assert len(ran.said) == 2
    assert ran["generated_states"].shape == (1, ran["input_ids"].shape[1], 256)
    assert set(ran["memory_stats"]) == {"memory_stats", "performance_stats", "retrieval_stats"}
    assert outputs["memory_stats"]["layers_with_memory"] == [4, 8]
    assert outputs["hidden_states"][-1].shape[-1] == 32
    assert outputs["memory_info"]["stored"]
    assert outputs["performance_stats"]["tokens"] == ran["input_ids"].shape[1]
    assert 0 < outputs["performance_stats"]["model_time"] <= outputs["forward_time"]
    assert model.scorer.scoring_method == "hybrid"
    model(text_ids(SAID))
    assert_memory_matters(model, text_ids(ASKED))


@pytest.mark.parametrize(("document", "line"), [("001", 193), ("003", 238)])
def test_line193_basic_configuration(run: Run, document: str, line: int) -> None:
    """The documented keys are accepted, and mean what their comments say."""
    ran = run(document, line)
    memory = CMRConfig.of(ran["memory_config"])
    assert memory.target_layers == (4, 8, 12)
    assert memory.max_entries_per_layer == 1000
    assert memory.scoring_method == "hybrid"
    assert memory.relevance_threshold == 0.5
    assert memory.eviction_strategy == "lru_relevance"
    retrieval = AdvancedRetrievalConfig(**ran["retrieval_config"])
    assert retrieval.model_dump() == ran["retrieval_config"]
    assert retrieval == AdvancedRetrievalConfig()  # they are the defaults


def test_002_line024_base_transformer(run: Run, hub: list[str], text_ids: Ids) -> None:
    """Weights come from `model_name`; registering hooks is enough to capture."""
    said = text_ids(SAID)
    ran = run("002", 24, config=local_config("mistral"), memory_config=None, input_ids=said)
    model = ran["model"]
    assert hub == ["mistralai/Ministral-8B-Instruct-2410"]
    assert ran.said == []
    assert sorted(model.layer_hooks) == list(range(36))
    assert ran["outputs"]["memory_stats"]["total_captured_states"] == 36 * len(model.memory_buffer)
    assert len(model.memory_buffer) > 0
    assert_memory_matters(model, text_ids(ASKED))


def test_002_line052_memory_entry(run: Run) -> None:
    """The eight documented attributes."""
    state = torch.ones(32)
    given = {"layer_idx": 2, "sequence_id": 7, "position_idx": 3, "relevance_score": 0.75}
    entry = run("002", 52, hidden_state=state, time=time, **given)["entry"]
    assert entry.hidden_state is state
    assert {name: getattr(entry, name) for name in given} == given
    assert abs(entry.timestamp - time.time()) < 60
    assert (entry.access_count, entry.last_access) == (0, 0.0)
    entry.update_access()
    assert entry.access_count == 1
    assert abs(entry.last_access - time.time()) < 60


@pytest.mark.parametrize(
    "method", ["attention_based", "variance_based", "hybrid", "gradient_based"]
)
def test_002_line077_relevance_scorer(run: Run, method: str) -> None:
    """Callable; every documented method scores in [0, 1], and padding not at all."""
    states = torch.randn(2, 9, 768, generator=torch.Generator().manual_seed(0))
    mask = torch.ones(2, 9, dtype=torch.long)
    mask[1, 6:] = 0
    ran = run("002", 77, hidden_states=states, attention_mask=mask)
    assert ran["scorer"].scoring_method == "hybrid"
    ran["scorer"].update_scoring_method(method)
    for scores in (ran["relevance_scores"], ran["scorer"](states, mask)):
        assert scores.shape == (2, 9)
        assert bool(((scores >= 0) & (scores <= 1)).all())
        assert bool((scores[1, 6:] == 0).all())
        assert bool((scores[0] > 0).any())


@torch.no_grad()
@pytest.mark.parametrize(
    "strategy",
    [
        "semantic_similarity",
        "contextual_relevance",
        "multi_criteria",
        "hierarchical",
        "task_specific",
        "hybrid_ensemble",
    ],
)
def test_002_line109_advanced_retrieval(run: Run, strategy: str) -> None:
    """At most `retrieval_budget` memories, the right one first, by every strategy."""
    generator = torch.Generator().manual_seed(0)
    buffer = LayeredMemoryBuffer()
    for at in range(40):
        state = torch.randn(8, 32, generator=generator)
        buffer.add_entry(MemoryEntry(state, 2, at, 0, 0.5, timestamp=1000.0, token_ids=(at,) * 8))
    right = buffer.get_all_entries()[17]
    ran = run(
        "002",
        109,
        hidden_size=32,
        memory_buffer=buffer,
        retrieval_config=run("002", 242)["retrieval_config"],
        seq_id=41,
        layer_idx=2,
        hidden_states=right.hidden_state,
    )
    assert len(ran["memories"]) == 10
    assert ran["memories"][0].entry is right
    again = ran["retriever"].retrieve_memories(ran["context"], strategy=strategy)
    assert again[0].entry is right
    assert len(again) <= 10
    stats = ran["retriever"].get_retrieval_stats()
    assert stats["total_retrievals"] == 2
    assert stats["cache_hits"] == (1 if strategy == "multi_criteria" else 0)
    buffer.discard([right.id])  # a write is seen at once
    left = ran["retriever"].retrieve_memories(ran["context"], strategy=strategy)
    assert right not in [hit.entry for hit in left]


@torch.no_grad()
@pytest.mark.parametrize(("document", "line"), [("001", 193), ("003", 238)])
def test_002_line139_performance_optimization(
    run: Run, text_ids: Ids, document: str, line: int
) -> None:
    """All four parts of the documented configuration are on, and a pass gives what the model gives."""
    given = run(document, line)["optimization_config"]
    assert set(given.values()) == {True}
    plain = loud(AutoModelForCausalLM.from_config(local_config("gpt2")))
    said = text_ids(SAID)
    with FullCMRModel(plain, {"optimization_config": given}) as model:
        mask = torch.ones_like(said)
        ran = run(
            "002",
            139,
            cmr_model=model,
            optimization_config=given,
            input_ids=said,
            attention_mask=mask,
        )
        optimizer = ran["optimizer"]
        with optimizer:
            expected = model(text_ids(ASKED))
            model.memory_buffer.clear_sequence(model.current_sequence_id)
            got = optimizer.optimize_forward(text_ids(ASKED))
            assert torch.equal(got["logits"], expected["logits"])
            stats = optimizer.get_optimization_stats()
            assert stats["forward_passes"] == 2
            parts = ("adaptive_thresholds", "batch_optimization", "prefetching")
            for part in (*parts, "background_optimization"):
                assert stats[part]["enabled"] is True
        assert model.optimizer.config == optimizer.config
        model.cleanup()
    with pytest.raises(ConfigurationError, match="did you mean 'enable_prefetching'"):
        FullCMRModel(plain, {"optimization_config": {"enable_prefetch": True}})


def test_002_line185_memory_entry_structure(run: Run) -> None:
    """One class everywhere, with these fields first, in this order and with these defaults."""
    written = run("002", 185, dataclass=dataclass, torch=torch)["MemoryEntry"]
    documented = {field.name: field.default for field in fields(written)}
    ours = {field.name: field.default for field in fields(MemoryEntry)}
    assert list(ours)[: len(documented)] == list(documented)
    for name in ("access_count", "last_access"):
        assert ours[name] == documented[name]


def test_002_line218_model_configuration(run: Run) -> None:
    """A plain dictionary of the documented fields makes a model of that shape."""
    ran = run("002", 218)
    config = _full_config(ran["model_config"])
    assert config.num_hidden_layers == ran["model_config"]["num_layers"] == 12
    for name in ("hidden_size", "num_attention_heads", "intermediate_size"):
        assert getattr(config, name) == ran["model_config"][name]
    assert config.max_position_embeddings == 2048


def test_002_line230_memory_configuration(run: Run, text_ids: Ids) -> None:
    """`buffer_size` is `max_entries_per_layer`; a pass stores no more than `max_states_per_layer` tokens."""
    given = run("002", 230)["memory_config"]
    settings = CMRConfig.of(given)
    assert settings.target_layers == (6, 9, 11)
    assert settings.max_entries_per_layer == 1000
    assert settings.relevance_threshold == 0.7
    with pytest.warns(UserWarning, match="random"):
        model = FullCMRModel(local_config("gpt2"), {**given, "relevance_threshold": 0.0})
    with model:
        said = text_ids(" ".join([SAID] * 8))
        assert said.shape[1] > 100
        model(said)
        assert 0 < model.memory_buffer.get_buffer_stats()["total_tokens"] <= 50


def test_003_line082_offline(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The minimal offline setup: a bare config, and statistics to print."""
    ran = run("003", 82)
    stats = ran["outputs"]["memory_stats"]
    assert stats["total_captured_states"] == 2 * len(ran["cmr"].memory_buffer) > 0
    assert stats["layers_with_memory"] == [2, 4]
    assert str(stats["total_captured_states"]) in capsys.readouterr().out
    assert len(ran.said) == 1
    for _ in range(5):
        ran["cmr"](torch.randint(0, 50257, (1, 16)))
    assert len(ran["cmr"].memory_buffer) == 3  # buffer_size
    assert_memory_matters(ran["cmr"], torch.randint(0, 50257, (1, 16)))


def test_003_line216_quickstart(run: Run, hub: list[str], text_ids: Ids) -> None:
    """The same quickstart on a Mistral: all three layers exist there."""
    ran = run("003", 216)
    assert hub == ["mistralai/Ministral-8B-Instruct-2410"] * 2
    assert len(ran.said) == 1
    assert "random" in ran.said[0]
    assert ran["generated_states"].shape == (1, ran["input_ids"].shape[1], 256)
    assert set(ran["memory_stats"]) == {"memory_stats", "performance_stats", "retrieval_stats"}
    assert ran["outputs"]["memory_stats"]["layers_with_memory"] == [4, 8, 12]
    ran["model"](text_ids(SAID))
    assert_memory_matters(ran["model"], text_ids(ASKED))


def test_004_line030_integrated(run: Run, text_ids: Ids) -> None:
    """`device="cuda"` runs on a machine without one, saying so; `use_memory` decides."""
    memory_config = run("004", 137)["memory_config"]
    said = text_ids(SAID)
    ran = run(
        "004",
        30,
        base_config=local_config("gpt2"),
        memory_config=memory_config,
        input_ids=said,
        attention_mask=torch.ones_like(said),
    )
    model, outputs = ran["model"], ran["outputs"]
    if not torch.cuda.is_available():
        assert sum("'cuda' is not on this machine" in line for line in ran.said) == 1
    assert outputs["memory_stats"]["layers_with_memory"] == [2, 4, 6]
    assert model.scorer.scoring_method == "hybrid"
    assert outputs["performance_stats"]["total_forward_passes"] == 1
    assert_memory_matters(model, text_ids(ASKED))
    # intervention_layers: memory is injected into 4 and 6 only
    model(text_ids(ASKED + " Again."))
    assert set(model.last_weave.weave._states) == {4, 6}


def test_004_line059_full(run: Run, text_ids: Ids) -> None:
    """The complete model, scoring by attention unless told otherwise."""
    ran = run(
        "004", 59, base_config=local_config("mistral"), cmr_config={}, input_ids=text_ids(SAID)
    )
    assert ran["model"].scorer.scoring_method == "attention_based"
    assert ran["outputs"]["memory_info"]["woven"] == []
    again = ran["model"](text_ids(ASKED), return_memory_info=True, return_layer_outputs=True)
    (woven,) = again["memory_info"]["woven"][:1]
    assert woven["sequence_id"] == 1
    assert again["retrieval_stats"]["woven_entries"] == len(again["memory_info"]["woven"])
    assert sorted(again["layer_outputs"]) == list(range(36))
    assert_memory_matters(ran["model"], text_ids(ASKED + " Now."))


def test_004_line081_mistral(run: Run, hub: list[str], text_ids: Ids) -> None:
    """Eight bits per weight, the best device at hand, memory at a quarter, half and three quarters."""
    ran = run("004", 81)
    model = ran["model"]
    stats = model.get_mistral_stats()
    assert hub[0] == "mistralai/Ministral-8B-Instruct-2410"
    assert stats["is_mistral"]
    assert stats["memory_layers"] == [9, 18, 27]
    assert stats["sliding_window"] == 64
    linear = [m for m in model.backbone.model.layers.modules() if hasattr(m, "in_features")]
    assert linear
    assert all(module.weight.dtype == torch.int8 for module in linear)
    model(text_ids(SAID).to(model.device))
    assert_memory_matters(model, text_ids(ASKED).to(model.device))


def test_004_line137_memory_configuration(run: Run) -> None:
    """Every key of the richest example, and the documented defaults."""
    given = run("004", 137)["memory_config"]
    settings = CMRConfig.of(given)
    for name, value in given.items():
        assert getattr(settings, name) == (tuple(value) if isinstance(value, list) else value)
    defaults = CMRConfig()
    for name in (
        "max_entries_per_layer",
        "max_total_entries",
        "relevance_threshold",
        "eviction_strategy",
    ):
        assert getattr(defaults, name) == given[name]


@pytest.mark.parametrize(("document", "line"), [("002", 242), ("004", 152)])
def test_retrieval_configuration(run: Run, document: str, line: int) -> None:
    """Accepted as they stand; the weights are used exactly as given."""
    given = run(document, line)["retrieval_config"]
    retriever = AdvancedMemoryRetriever(32, LayeredMemoryBuffer(), given)
    assert retriever.config.similarity_threshold == given["similarity_threshold"]
    assert retriever.config.criteria_weights == given["criteria_weights"]
    with pytest.raises(ConfigurationError, match="did you mean 'criteria_weights'"):
        AdvancedMemoryRetriever(32, LayeredMemoryBuffer(), {"criteria_weight": {}})


@torch.no_grad()
def test_004_line169_reconstruction_configuration(run: Run, text_ids: Ids) -> None:
    """The documented values are the class's defaults; memory enters by them, less than exactly."""
    given = run("004", 169)["reconstruction_config"]
    assert ReconstructionConfig(**given) == ReconstructionConfig()
    logits = {}
    for name, settings in {"exact": {}, "documented": {"reconstruction_config": given}}.items():
        torch.manual_seed(0)
        plain = loud(AutoModelForCausalLM.from_config(local_config("gpt2")))
        with FullCMRModel(plain, settings) as model:
            assert isinstance(model.reconstructor, LayeredStateReconstructor)
            model(text_ids(SAID))
            logits[name] = model(text_ids(ASKED)).logits
            logits["plain"] = model(text_ids(ASKED), use_memory=False).logits
            model.set_reconstruction_method("direct")
            assert len(model.memory_buffer) == 2
            assert model.memory_config.reconstruction_config["method"] == "direct"
            with pytest.raises(ConfigurationError, match="method = 'direkt'"):
                model.set_reconstruction_method("direkt")
    assert not torch.equal(logits["documented"], logits["plain"])
    assert not torch.equal(logits["documented"], logits["exact"])


def test_002_line202_retrieval_context_structure(run: Run) -> None:
    """The documented fields are there; those that may be left out have defaults."""
    written = run("002", 202, dataclass=dataclass, torch=torch, Optional=Optional)
    documented = [field.name for field in fields(written["RetrievalContext"])]
    ours = inspect.signature(RetrievalContext).parameters
    assert list(ours)[: len(documented)] == documented
    assert all(ours[name].default is not ours[name].empty for name in documented[3:])
