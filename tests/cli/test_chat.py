"""`cmr chat` as a program: piped input, commands, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from typer.testing import CliRunner

from reweaving import Memory
from reweaving.cli.main import app
from reweaving.errors import StoreError

TEMPLATE = (
    "{% for message in messages %}<s>{{ message['role'] }}\n{{ message['content'] }}</s>\n{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant\n{% endif %}"
)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat model of random weights that talks in bytes."""
    folder = tmp_path_factory.mktemp("tiny")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {
        letter: number for number, letter in enumerate(["<pad>", "<s>", "</s>", *letters])
    }
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=3,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=4096,
            bos_token_id=1,
            eos_token_id=2,
            pad_token_id=0,
        )
    )
    # The end of an answer is never likely, so that answers last until they are stopped.
    with torch.no_grad():
        model.lm_head.weight[2] = 0
        model.lm_head.weight[3:] *= 20
    model.save_pretrained(folder)
    return folder


def start(folder: Path, model: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from reweaving.cli.main import main; main()",
            "chat",
            "--memory",
            str(folder / "memory"),
            "--namespace",
            "ann",
            "--model",
            str(model),
            *arguments,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "COLUMNS": "160", "PYTHONUNBUFFERED": "1"},
    )


def answering(folder: Path, model: Path) -> subprocess.Popen[str]:
    """Start a chat, say one sentence, and come back in the middle of a long answer."""
    chat = start(folder, model, "--max-new-tokens", "3000")
    if chat.stdin is None or chat.stdout is None:
        pytest.fail("the chat has no pipes")
    chat.stdin.write("My boat is called Aurora.\n")
    chat.stdin.flush()
    chat.stdout.readline()
    assert chat.stdout.read(4)
    return chat


def talk(folder: Path, model: Path, *lines: str) -> str:
    chat = start(folder, model, "--max-new-tokens", "8")
    output, errors = chat.communicate("\n".join(lines) + "\n", timeout=120)
    assert chat.returncode == 0, errors
    assert "Traceback" not in errors
    return output


def test_what_was_said_is_there_in_the_next_process(tmp_path: Path, tiny_model: Path) -> None:
    first = talk(tmp_path, tiny_model, "My boat is called Aurora.", "/memory", "/quit")
    assert "ann remembers 0 entries" in first
    assert "My boat is called Aurora." in first
    second = talk(tmp_path, tiny_model, "/memory", "/nonsense", "/why", "/forget", "/help")
    assert "My boat is called Aurora." in second
    assert "no command /nonsense" in second
    assert "nothing was woven" in second
    assert "/forget needs a text" in second
    assert "/forget TEXT" in second
    third = talk(tmp_path, tiny_model, "/forget aurora", "/memory")
    assert "forgot 1 entries" in third
    with Memory.open(tmp_path / "memory", namespace="ann") as memory:
        assert memory.entries()
        assert memory.search("aurora") == []


def test_forget_all_empties_the_namespace(tmp_path: Path, tiny_model: Path) -> None:
    talk(tmp_path, tiny_model, "My boat is called Aurora.", "/forget all")
    with Memory.open(tmp_path / "memory", namespace="ann") as memory:
        assert memory.entries() == []


def test_ctrl_c_in_an_answer_loses_nothing(tmp_path: Path, tiny_model: Path) -> None:
    chat = answering(tmp_path, tiny_model)
    os.kill(chat.pid, signal.SIGINT)
    output, errors = chat.communicate("/memory\n/quit\n", timeout=120)
    assert chat.returncode == 0, errors
    assert "(stopped)" in output
    assert "My boat is called Aurora." in output
    with Memory.open(tmp_path / "memory", namespace="ann") as memory:
        said = {entry.role: entry.text for entry in memory.entries()}
    assert "My boat is called Aurora." in said["user"]
    assert "assistant" not in said, "half an answer is not kept"


def test_killed_in_an_answer_the_question_is_kept(tmp_path: Path, tiny_model: Path) -> None:
    chat = answering(tmp_path, tiny_model)
    chat.kill()
    chat.communicate(timeout=60)
    with Memory.open(tmp_path / "memory", namespace="ann") as memory:
        assert ["My boat is called Aurora." in entry.text for entry in memory.entries()] == [True]


def test_model_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    chat = start(tmp_path, tmp_path / "nothing")
    _, errors = chat.communicate(timeout=120)
    assert chat.returncode == 1
    assert errors.strip().startswith("cmr: the model")
    assert "Traceback" not in errors


def test_memory_of_another_model_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    talk(tmp_path, tiny_model, "My boat is called Aurora.")
    with Memory.open(tmp_path / "memory", namespace="ann") as memory:
        memory.set_note("model", {"fingerprint": "0" * 64, "name": "GPT2LMHeadModel"})
    chat = start(tmp_path, tiny_model)
    _, errors = chat.communicate(timeout=120)
    assert chat.returncode == 1
    assert "GPT2LMHeadModel" in errors
    assert "cmr memory reencode" in errors


def test_an_address_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="pip install 'reweaving[postgres]'")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=r"127\.0\.0\.1"):
        CliRunner().invoke(
            app,
            ["chat", "--memory", "postgresql://nobody@127.0.0.1:1/nothing"],
            catch_exceptions=False,
        )
    assert not list(tmp_path.iterdir())
