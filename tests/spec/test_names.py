"""Every name of the documented API: where it is, what it takes, and that both packages hold one class.

A row is (module below ``models`` or ``reweaving``, name, the documented parameters, in order).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import models
import reweaving.models
from families import make, tokens

BLOCKS = Path(__file__).parent / "blocks"

CLASSES = {
    "models.base_transformer.CMRTransformer": "config memory_config=None model_name=None",
    "models.memory_entry.MemoryEntry": (
        "hidden_state layer_idx sequence_id position_idx relevance_score timestamp access_count=0 "
        "last_access=0.0 metadata"
    ),
    "models.relevance_scorer.RelevanceScorer": "hidden_size scoring_method",
    "models.memory_buffer.LayeredMemoryBuffer": (
        "max_entries_per_layer=1000 max_total_entries=5000 eviction_strategy='lru_relevance'"
    ),
    "models.advanced_retrieval.AdvancedMemoryRetriever": (
        "hidden_size memory_buffer retrieval_config"
    ),
    "models.advanced_retrieval.RetrievalContext": (
        "current_sequence_id current_layer_idx current_hidden_states attention_mask=None "
        "sequence_position=0 retrieval_budget task_type=None"
    ),
    "models.advanced_retrieval.SemanticMemoryMatcher": "hidden_size similarity_threshold=0.7",
    "models.advanced_retrieval.ContextualRelevanceScorer": "hidden_size num_heads=8",
    "models.advanced_retrieval.MultiCriteriaRanker": "hidden_size criteria_weights",
    "models.advanced_retrieval.MemoryHierarchy": "hidden_size max_clusters=32",
    "models.advanced_retrieval.RetrievalCache": "cache_size=1000",
    "models.performance_optimization.CMRPerformanceOptimizer": "cmr_model optimization_config",
    "models.performance_optimization.AdaptiveThresholdManager": "",
    "models.performance_optimization.BatchProcessingOptimizer": "",
    "models.performance_optimization.MemoryPrefetcher": "",
    "models.performance_optimization.ComputationScheduler": "",
    "models.performance_optimization.BackgroundOptimizer": "",
    "models.cmr_integrated.IntegratedCMRModel": "base_config memory_config device",
    "models.cmr_full_integrated.FullCMRModel": "base_config cmr_config",
    "models.mistral_integration.MistralCMRModel": (
        "model_name memory_config use_quantization device max_memory_gb"
    ),
    "models.mistral_integration.create_mistral_cmr_model": "model_name use_quantization device",
    "models.backbones.BackboneAdapter": "model",
    "models.backbones.MistralAdapter": "model",
    "models.backbones.GemmaAdapter": "model",
    "models.backbones.ModelRegistry": "",
    "reweaving.weaving.reconstruct.LayeredStateReconstructor": "",
    "reweaving.weaving.integrate.ReconstructionIntegrator": "",
    "reweaving.weaving.blend.ContextBlender": "",
    "reweaving.weaving.settings.ReconstructionConfig": (
        "method='hierarchical' integration_method='weighted_sum' memory_weight=0.3 "
        "max_memory_tokens=128 compression_ratio=0.6"
    ),
    "reweaving.capture.hook_manager.HookManager": "model",
    "reweaving.monitoring.monitor.CMRPerformanceMonitor": "",
    "reweaving.experiments.dataset_tester.CMRDatasetTester": "cmr_model tokenizer test_config",
    "reweaving.experiments.performance_analyzer.CMRPerformanceAnalyzer": "cmr_model",
}

METHODS = {
    "models.base_transformer.CMRTransformer": {
        "register_memory_hooks": "layer_indices=None",
        "enable_memory": "",
        "disable_memory": "",
        "forward": "input_ids attention_mask=None",
        "cleanup_hooks": "",
        "generate": "input_ids",
        "save_pretrained": "",
    },
    "models.memory_entry.MemoryEntry": {"update_access": "", "to_dict": "", "from_dict": ""},
    "models.relevance_scorer.RelevanceScorer": {
        "forward": "hidden_states attention_mask",
        "get_top_k_positions": "scores k attention_mask",
        "get_scoring_stats": "",
        "update_scoring_method": "",
    },
    "models.memory_buffer.LayeredMemoryBuffer": {
        "add_entry": "",
        "retrieve_recent": "layer_idx k=5",
        "retrieve_relevant": "query layer_idx k=5",
        "clear_layer": "",
        "store_state": "",
        "retrieve_by_layer": "",
        "retrieve_by_sequence": "",
        "retrieve_top_k_relevant": "",
        "get_buffer_stats": "",
        "clear_sequence": "",
        "clear_all": "",
        "optimize": "",
        "save_state": "",
        "load_state": "",
    },
    "models.advanced_retrieval.AdvancedMemoryRetriever": {
        "retrieve_memories": "context strategy",
        "get_retrieval_stats": "",
    },
    "models.performance_optimization.CMRPerformanceOptimizer": {
        "optimize_forward": "input_ids attention_mask",
        "optimize_forward_pass": "input_ids attention_mask",
        "get_optimization_stats": "",
    },
    "models.performance_optimization.BackgroundOptimizer": {"start": "", "stop": ""},
    "models.cmr_integrated.IntegratedCMRModel": {
        "forward": "input_ids attention_mask=None use_memory=True"
    },
    "models.cmr_full_integrated.FullCMRModel": {
        "forward": (
            "input_ids attention_mask=None return_memory_info=False task_type=None "
            "return_layer_outputs=False use_memory=None"
        ),
        **dict.fromkeys(
            [
                "enable_memory",
                "disable_memory",
                "enable_reconstruction",
                "set_retrieval_strategy",
                "set_reconstruction_method",
                "optimize_memory",
                "get_memory_usage",
                "get_memory_stats",
                "clear_memory",
                "save_memory",
                "load_memory",
                "cleanup",
                "generate",
            ],
            "",
        ),
    },
    "models.mistral_integration.MistralCMRModel": {
        "generate_with_memory": "prompt max_length temperature use_memory",
        "get_mistral_stats": "",
    },
    "reweaving.monitoring.monitor.CMRPerformanceMonitor": {
        "generate_report": "time_range='1h'",
        **dict.fromkeys(
            [
                "record_capture",
                "record_reconstruction",
                "track_metric",
                "get_health_status",
                "set_alert",
                "get_live_stats",
                "run_diagnostics",
                "profile_execution",
                "get_stats",
                "reset",
            ],
            "",
        ),
    },
    "reweaving.experiments.dataset_tester.CMRDatasetTester": {
        "run_comprehensive_tests": "dataset_configs output_dir"
    },
    "reweaving.experiments.performance_analyzer.CMRPerformanceAnalyzer": {
        "run_comprehensive_analysis": "output_dir"
    },
    "reweaving.capture.hook_manager.HookManager": dict.fromkeys(
        [
            "register_capture_hook",
            "register_monitoring_hook",
            "get_captured_data",
            "remove_hook",
            "remove_hooks",
            "get_memory_usage",
        ],
        "",
    ),
}


def found(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def assert_takes(thing: Any, documented: str) -> None:
    """The documented parameters come first, in their order, with their defaults."""
    parameters = list(inspect.signature(thing).parameters.values())
    ours = [parameter for parameter in parameters if parameter.name != "self"]
    for parameter, wanted in zip(ours, documented.split(), strict=False):
        name, _, default = wanted.partition("=")
        assert parameter.name == name
        if default:
            assert repr(parameter.default) == default
    assert len(ours) >= len(documented.split())


@pytest.mark.parametrize(("path", "documented"), CLASSES.items())
def test_a_documented_name(path: str, documented: str) -> None:
    thing = found(path)
    if path.startswith("models."):
        assert thing is found(f"reweaving.{path}")  # one class under both names
    fields = getattr(thing, "model_fields", None)
    if fields is None:
        assert_takes(thing, documented)
        return
    for wanted in documented.split():
        name, _, default = wanted.partition("=")
        assert repr(fields[name].default) == default


@pytest.mark.parametrize(
    ("path", "method", "documented"),
    [(path, name, takes) for path, names in METHODS.items() for name, takes in names.items()],
)
def test_a_documented_method(path: str, method: str, documented: str) -> None:
    assert_takes(getattr(found(path), method), documented)


def test_both_packages_hold_the_same() -> None:
    assert sorted(models.__all__) == sorted(reweaving.models.__all__)
    for name in models.__all__:
        assert getattr(models, name) is getattr(reweaving.models, name)
    for module in pkgutil.iter_modules(models.__path__):
        here = importlib.import_module(f"models.{module.name}")
        there = importlib.import_module(f"reweaving.models.{module.name}")
        for name in here.__all__:
            assert getattr(here, name) is getattr(there, name)


def imports() -> list[tuple[str, str]]:
    lines = [
        line
        for path in sorted(BLOCKS.rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
    ]
    wanted = [re.fullmatch(r"from (models\S*) import (.+)", line) for line in lines]
    pairs = [(m[1], name.strip()) for m in wanted if m for name in m[2].split(",")]
    return sorted(set(pairs))


@pytest.mark.parametrize(("module", "name"), imports())
def test_an_import_of_the_documents(module: str, name: str) -> None:
    assert inspect.isclass(found(f"{module}.{name}")) or callable(found(f"{module}.{name}"))


DRAWN = {
    "LayeredMemoryBuffer": "reweaving.memory.buffer",
    "RelevanceScorer": "reweaving.scoring.relevance",
    "CMRTransformer": "reweaving.models",
    "FullCMRModel": "reweaving.models",
    "AdvancedMemoryRetriever": "reweaving.models.advanced_retrieval",
    "LayeredStateReconstructor": "reweaving.weaving.reconstruct",
    "ReconstructionIntegrator": "reweaving.weaving.integrate",
    "ContextBlender": "reweaving.weaving.blend",
    "HookManager": "reweaving.capture.hook_manager",
    "CMRPerformanceMonitor": "reweaving.monitoring.monitor",
    "AdaptiveThresholdManager": "reweaving.optimization.thresholds",
    "BatchProcessingOptimizer": "reweaving.optimization.batching",
    "MemoryPrefetcher": "reweaving.optimization.prefetch",
    "BackgroundOptimizer": "reweaving.optimization.background",
    "MistralAdapter": "reweaving.models.backbones",
    "GemmaAdapter": "reweaving.models.backbones",
    "BackboneAdapter": "reweaving.models.backbones",
}


def test_000_line015_class_diagram() -> None:
    """The drawn attributes and methods of `CMRTransformer`."""
    text = (BLOCKS / "000_f3b98d96d6f04e9b" / "line015.mmd").read_text("utf-8")
    drawn = re.findall(r"\+(?:\w+ )?(\w+)(\(.*\))?", text)
    assert len(drawn) == 10
    kind = found("reweaving.models.base_transformer.CMRTransformer")
    written = inspect.getsource(kind)
    for name, call in drawn:
        assert hasattr(kind, name) if call else f"self.{name}" in written


def test_003_line097_class_diagram() -> None:
    """Parts of the system, their methods, and who derives from whom."""
    text = (BLOCKS / "003_c99daa268175766b" / "line097.mmd").read_text("utf-8")
    for name in ("retriever", "reconstructor", "memory_buffer", "scorer"):
        assert f" {name}\n" in text
    for child, parent in re.findall(r"(\w+) --\|> (\w+)", text):
        assert issubclass(found(f"{DRAWN[child]}.{child}"), found(f"{DRAWN[parent]}.{parent}"))
    for name in ("add_entry", "retrieve_recent", "retrieve_relevant"):
        assert f"+{name}()" in text
        assert callable(getattr(found("reweaving.memory.buffer.LayeredMemoryBuffer"), name))


MODULES = {
    "Models": "reweaving.models",
    "Integration": "reweaving.models.cmr_full_integrated",
    "Experiments": "reweaving.experiments.dataset_tester",
    "Monitoring": "reweaving.monitoring.monitor",
    "Optimization": "reweaving.optimization.optimizer",
    "Services": "reweaving.models.advanced_retrieval",
    "Utils": "reweaving.capture.hook_manager",
}


def test_001_line014_modules() -> None:
    """Every module of the drawn system has a place."""
    text = (BLOCKS / "001_8415f61ba0772c55" / "line014.txt").read_text("utf-8")
    drawn = re.findall(r"(\w+) Module", text)
    assert drawn == list(MODULES)
    for module in MODULES.values():
        assert importlib.import_module(module).__doc__


def test_003_line035_flow() -> None:
    """What comes in is captured, scored and held; a request retrieves, and is read with what was found."""
    text = (BLOCKS / "003_c99daa268175766b" / "line035.mmd").read_text("utf-8")
    drawn = ("Capture and Score", "Layered Memory", "Retrieve Relevant", "Reweave", "Model Output")
    assert all(f"[{name}" in text for name in drawn)
    with reweaving.models.FullCMRModel(make("llama"), {"relevance_threshold": 0.0}) as model:
        first = model(tokens(20, seed=1))
        assert first.performance_stats["capture_time"] > 0
        assert first.performance_stats["retrieval_time"] == 0  # nothing is held yet
        second = model(tokens(6, seed=2), return_memory_info=True)
        assert second.performance_stats["retrieval_time"] > 0
        (woven,) = second.memory_info["woven"]
        assert (woven["sequence_id"], woven["tokens"]) == (1, 20)


def test_every_block_has_a_test() -> None:
    here = Path(__file__).parent
    written = [(here / name).read_text("utf-8") for name in ("test_blocks.py", "test_names.py")]
    source = re.sub(r"\s+", " ", " ".join(written)).replace("( ", "(")
    for path in BLOCKS.rglob("line*"):
        document, line = path.parent.name[:3], int(path.stem.removeprefix("line"))
        run_or_read = (f'"{document}", {line}', f'"{path.parent.name}" / "{path.name}"')
        assert any(one in source for one in run_or_read), path


def test_003_line048_tiers() -> None:
    """Recent buffer, working memory, long-term memory, in this order, as both diagrams draw them."""
    text = (BLOCKS / "003_c99daa268175766b" / "line048.mmd").read_text("utf-8")
    assert re.findall(r"\[(\w+)", text) == ["Recent", "Working", "Long"]
    assert "A --> B --> C" in text
    assert found("reweaving.types.TIERS") == ("recent", "working", "long_term")


def test_004_line098_component_tree() -> None:
    """Every part of the drawn system is there."""
    text = (BLOCKS / "004_e61381eb6022b5c6" / "line098.txt").read_text("utf-8")
    names = re.findall(r"[A-Z]\w*[a-z][A-Z]\w+", text.replace("Mistral/GPT", ""))
    assert len(names) == 13
    for name in names:
        assert found(f"{DRAWN[name]}.{name}").__name__ == name
