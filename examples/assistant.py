"""What the three stories share: one session is remembered, another one asks."""

from __future__ import annotations

from typing import Any

import reweaving


def told_and_asked(
    said: list[str], questions: list[str], loaded: tuple[Any, Any] | None = None
) -> list[str]:
    """Remember a session, then answer questions in a new one, of which the prompt holds nothing else."""
    model, tokenizer = loaded or reweaving.load_embedded()
    answers = []
    with reweaving.attach(model, tokenizer) as woven:
        for text in said:
            woven.remember(text, session="last week")
        for question in questions:
            inputs = tokenizer.apply_chat_template(
                [{"role": "user", "content": question}],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            )
            output = model.generate(**inputs, max_new_tokens=24, do_sample=False)
            words = output[0, inputs["input_ids"].shape[1] :]
            answers.append(tokenizer.decode(words, skip_special_tokens=True))
            print(f"{question}\n  {answers[-1]}")
    return answers
