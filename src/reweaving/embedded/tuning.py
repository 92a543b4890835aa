"""Teaches a chat model to answer from woven memory: LoRA, with attention masked as weaving will be.

A step is a few scenes, each one forward pass over all its sessions and requests; the loss is on the
answers. Ordinary requests inside scenes, and in every third step texts of the plain model's own, are
held to the plain model's distribution. Everything follows from the seed and the number of the step,
so a run that was interrupted goes on as if it had not been.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from reweaving.embedded.block_attention import NAME, plan_scene, register
from reweaving.embedded.dialogues.scene import Question, Scene
from reweaving.embedded.dialogues.scenes import training_scene
from reweaving.embedded.layout import Layout, SceneEncoder, lay_out_scene
from reweaving.embedded.looking import WATCHED, astray
from reweaving.embedded.lora import begin_from, save_adapter, with_lora
from reweaving.embedded.low_rank import make_lean
from reweaving.embedded.teacher import Spoken, ordinary_answers, own_texts
from reweaving.embedded.tuning_config import StepReport, TuningConfig
from reweaving.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_SPARSE_FAMILIES = frozenset({"llama", "qwen2"})
_CHECKPOINT = "checkpoint.pt"
_ORDINARY_WEIGHT, _TEXT_WEIGHT = 0.75, 6.0
_LOOKING_WEIGHT = 0.5
_WORDING_WEIGHT = 0.1  # of tokens that are no part of a value, beside 1 for those that are


class Tuner:
    """Trains one adapter.

    Parameters
    ----------
    model : PreTrainedModel
        The plain model; wrapped in place.
    folder : Path
        Where the checkpoint, the log and at the end the adapter are written.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        folder: Path,
        config: TuningConfig,
        base_name: str = "",
    ) -> None:
        self.config = config
        self.folder = folder
        self.base_name = base_name or str(model.config._name_or_path)
        self.device = _device()
        self.sparse = model.config.model_type in _SPARSE_FAMILIES
        self.encoder = SceneEncoder(tokenizer)
        self.plain: Any = model.eval()
        self.plain.to(self.device)
        self.step = 0
        torch.manual_seed(config.seed)
        self.ordinary: list[Spoken] = []
        self.texts: list[Spoken] = []

    def prepare(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Hear the plain model (or load what it said), add the adapter, resume a checkpoint."""
        kept = self.folder / _CHECKPOINT
        state = None
        if kept.is_file():
            state = torch.load(kept, weights_only=True, map_location="cpu")
        if state and not self.config.continues(state["config"], state["step"]):
            raise ConfigurationError(
                f"{kept} was begun with other settings ({state['config']}); "
                "continue it with those, or give another --out."
            )
        if state:
            self.ordinary, self.texts = (
                [Spoken(**spoken) for spoken in state[kind]] for kind in ("ordinary", "texts")
            )
        else:
            rng = random.Random(f"teacher {self.config.seed}")
            args = (self.plain, self.encoder, rng)
            self.ordinary = ordinary_answers(*args, self.config.ordinary, progress)
            self.texts = own_texts(*args, self.config.texts, progress)
        if self.sparse:
            register()
            self.plain.set_attn_implementation(NAME)
        first = round(self.plain.config.get_text_config().num_hidden_layers * self.config.untouched)
        torch.manual_seed(self.config.seed)
        self.model = with_lora(self.plain, self.config.rank, first)
        if self.config.start:
            begin_from(self.model, Path(self.config.start))
        make_lean(self.model)
        self.weights = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.weights, lr=self.config.learning_rate, weight_decay=0.0, betas=(0.9, 0.98)
        )
        if state:
            for weight, saved in zip(self.weights, state["weights"], strict=True):
                weight.data.copy_(saved)
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]
        else:
            self.save()  # what the plain model said need not be heard again

    def run(self, report: Callable[[StepReport], None], until: int | None = None) -> None:
        """Train to the end (or to step `until`), with a checkpoint now and then; write the adapter."""
        self.model.train()
        stop = min(until or self.config.steps, self.config.steps)
        while self.step < stop:
            told = self.train_step()
            with (self.folder / "training.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(told)) + "\n")
            report(told)
            if self.step % self.config.save_every == 0 or self.step == stop:
                self.save()
        self.model.eval()
        save_adapter(self.model, self.folder / "adapter", self.base_name)

    def train_step(self) -> StepReport:
        """Take one optimiser step."""
        began = time.perf_counter()
        config = self.config
        for group in self.optimizer.param_groups:
            group["lr"] = config.rate(self.step)
        answers = ordinary = texts = looking = 0.0
        for number in range(config.scenes):
            rng = random.Random(f"scene {config.seed} {self.step} {number}")
            one, two, three = self._scene_losses(training_scene(rng, config.questions), rng)
            ((one + two + _LOOKING_WEIGHT * three) / config.scenes).backward()
            looking += three.item() / config.scenes
            answers += one.item() / config.scenes
            ordinary += two.item() / config.scenes
        if self.texts and self.step % config.text_every == 0:
            loss = self._text_loss(random.Random(f"text {config.seed} {self.step}"))
            (_TEXT_WEIGHT * loss).backward()
            texts = loss.item()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        seconds = time.perf_counter() - began
        return StepReport(self.step, config.steps, answers, ordinary, texts, looking, seconds)

    def _scene_losses(self, scene: Scene, rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
        """Return the losses of answers, of ordinary answers, and of where the answers look."""
        questions: list[Question] = []
        answers: list[list[int]] = []
        weights: list[float] = []
        held: dict[int, Spoken] = {}
        for question in scene.questions:
            if question.answer is not None:
                questions.append(question)
                answers.append(self.encoder.answer(question.answer))
                decisive = self.encoder.decisive(question.answer, question.values)
                weights += [1.0 if one else _WORDING_WEIGHT for one in decisive]
            elif self.ordinary:
                spoken = rng.choice(self.ordinary)
                held[len(questions)] = spoken
                questions.append(
                    replace(question, system=spoken.system, earlier=(), text=spoken.text)
                )
                answers.append(spoken.reply)
        layout = lay_out_scene(self.encoder, Scene(scene.blocks, tuple(questions)), answers)
        states, looking = self._read(layout)
        asked = layout.asked.to(self.device)
        ours = torch.tensor([n not in held for n in range(len(questions))], device=self.device)
        wanted = (asked >= 0) & ours[asked.clamp(min=0)]
        logits = self._logits(states[wanted])
        each = cross_entropy(logits, layout.targets.to(self.device)[wanted], reduction="none")
        weight = torch.tensor(weights, device=self.device)  # (answered tokens,), in their order
        loss = (each * weight).sum() / weight.sum()
        if not held:
            return loss, torch.zeros((), device=self.device), looking
        student = torch.cat([states[asked == number] for number in held])
        teacher = torch.cat([spoken.states for spoken in held.values()]).to(self.device)
        return loss, _ORDINARY_WEIGHT * self._apart(student, teacher), looking

    def _text_loss(self, rng: random.Random) -> Tensor:
        rows = rng.sample(self.texts, min(self.config.text_rows, len(self.texts)))
        width = max(len(row.prompt) + len(row.reply) for row in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        for number, row in enumerate(rows):
            ids[number, : len(row.prompt) + len(row.reply)] = torch.tensor(row.prompt + row.reply)
        with self._autocast():
            states = self._decoder()(input_ids=ids.to(self.device), use_cache=False)[0]
        spans = [(len(row.prompt) - 1, len(row.prompt) + len(row.reply) - 1) for row in rows]
        student = torch.cat([states[n, a:b] for n, (a, b) in enumerate(spans)])
        teacher = torch.cat([row.states for row in rows]).to(self.device)
        return self._apart(student, teacher)

    def states(self, layout: Layout) -> Tensor:
        """Return the final states of a laid-out scene, (tokens, hidden)."""
        return self._read(layout)[0]

    def _read(self, layout: Layout) -> tuple[Tensor, Tensor]:
        """Return the final states, (tokens, hidden), and how far off the attention of answers was."""
        kind = self.plain.dtype
        extra: dict[str, Any] = {}
        if self.sparse:
            depth = self.plain.config.get_text_config().num_hidden_layers
            plan = plan_scene(layout, kind, [round(depth * share) for share in WATCHED])
            extra["scene_plan"] = plan.to(self.device)
            mask = torch.zeros(1, 1, 1, 1, dtype=kind, device=self.device)  # not made, not read
        else:
            hidden = ~layout.visible.to(self.device)
            mask = torch.zeros(hidden.shape, dtype=kind, device=self.device)
            mask = mask.masked_fill(hidden, torch.finfo(kind).min)[None, None]
        with self._autocast():
            out = self._decoder()(
                input_ids=layout.token_ids[None].to(self.device),
                position_ids=layout.positions[None].to(self.device),
                attention_mask=mask,
                use_cache=False,
                **extra,
            )
        states: Tensor = out[0][0]
        if not self.sparse:
            return states, torch.zeros((), device=self.device)
        return states, astray(extra["scene_plan"])

    def _apart(self, student: Tensor, teacher: Tensor) -> Tensor:
        """Mean Kullback-Leibler divergence from the plain model's distribution; states (n, hidden)."""
        with torch.no_grad():
            expected = log_softmax(self._logits(teacher.to(student.dtype)), dim=-1)
        found = log_softmax(self._logits(student), dim=-1)
        return kl_div(found, expected, log_target=True, reduction="batchmean")

    def _logits(self, states: Tensor) -> Tensor:
        with self._autocast():
            logits: Tensor = self.plain.get_output_embeddings()(states).float()
        cap = getattr(self.plain.config.get_text_config(), "final_logit_softcapping", None)
        return logits if cap is None else torch.tanh(logits / cap) * cap

    def _decoder(self) -> Any:
        return self.plain.base_model

    def _autocast(self) -> torch.autocast:
        mixed = self.plain.dtype == torch.bfloat16
        return torch.autocast(self.device.type, torch.bfloat16, enabled=mixed)

    def save(self) -> None:
        """Write the checkpoint beside the last one, then rename it over that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "config": asdict(self.config),
            "step": self.step,
            "weights": [weight.detach().cpu() for weight in self.weights],
            "optimizer": self.optimizer.state_dict(),
            "ordinary": [vars(spoken) for spoken in self.ordinary],
            "texts": [vars(spoken) for spoken in self.texts],
        }
        fresh = self.folder / f"{_CHECKPOINT}.new"
        torch.save(state, fresh)
        fresh.replace(self.folder / _CHECKPOINT)


def _device() -> torch.device:
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found or torch.device("cpu")
