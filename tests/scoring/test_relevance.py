"""What holds for every method: range, padding, rows, refusals, dtypes, top positions, statistics."""

from __future__ import annotations

import copy
import math
from importlib.metadata import EntryPoint

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from families import make
from reweaving import registry as registry_module
from reweaving.errors import ConfigurationError, InputError, RegistryError
from reweaving.scoring.base import SCORERS, Scorer, ScoringContext
from reweaving.scoring.relevance import RelevanceScorer, ScoringConfig, span_scores
from tests.scoring.worlds import METHODS, holes, states_of

EVERY = sorted(SCORERS.names())


def test_table_holds_the_documented_names() -> None:
    documented = {"attention_based", "variance_based", "gradient_based", "surprise", "hybrid"}
    assert {*METHODS, *documented} == set(EVERY)
    for name in ("attention", "variance", "gradient"):
        assert SCORERS.get(name) is SCORERS.get(f"{name}_based")
    assert RelevanceScorer(8).scoring_method == "attention_based"


@settings(max_examples=25)
@given(
    st.sampled_from(EVERY),
    st.integers(1, 3),
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(0, 10_000),
    st.floats(1e-4, 1e4),
)
def test_scores_lie_in_zero_to_one(
    name: str, batch: int, seq: int, hidden: int, seed: int, scale: float
) -> None:
    states = scale * states_of(batch, seq, hidden, seed)
    mask = holes(batch, seq, seed)
    scores = RelevanceScorer(hidden, name)(states, mask)
    assert scores.shape == (batch, seq)
    assert scores.dtype == torch.float32
    assert bool(((scores >= 0) & (scores <= 1)).all())
    assert bool((scores[mask == 0] == 0).all())


@settings(max_examples=25)
@given(
    st.sampled_from(METHODS),
    st.lists(st.integers(1, 30), min_size=1, max_size=3),
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(0, 10_000),
)
def test_padding_changes_nothing(
    name: str, lengths: list[int], left: int, right: int, seed: int
) -> None:
    longest = max(lengths)
    seq = left + longest + right
    states = 1e3 * states_of(len(lengths), seq, 6, seed + 1)  # what padding holds, also NaN
    states[:, ::2] = torch.nan
    mask = torch.zeros(len(lengths), seq)
    scorer = RelevanceScorer(6, name)
    alone = []
    for row, length in enumerate(lengths):
        own = states_of(1, length, 6, seed + 7 * row)
        start = left if row % 2 else seq - right - length  # one row padded right, the next left
        states[row, start : start + length] = own[0]
        mask[row, start : start + length] = 1
        alone.append(scorer(own)[0])
    scores = scorer(states, mask)
    for row, expected in enumerate(alone):
        torch.testing.assert_close(scores[row][mask[row] == 1], expected, atol=1e-6, rtol=0)


@settings(max_examples=15)
@given(st.sampled_from(METHODS), st.permutations(range(4)), st.integers(0, 10_000))
def test_order_of_rows_changes_nothing(name: str, order: list[int], seed: int) -> None:
    states, mask = states_of(4, 25, 6, seed), holes(4, 25, seed)
    scorer = RelevanceScorer(6, name)
    torch.testing.assert_close(
        scorer(states[order], mask[order]), scorer(states, mask)[order], atol=1e-6, rtol=0
    )


@pytest.mark.parametrize("name", METHODS)
def test_one_sequence_without_a_batch(name: str) -> None:
    states, mask = states_of(1, 20, 6), holes(1, 20)
    scorer = RelevanceScorer(6, name)
    assert torch.equal(scorer(states[0], mask[0]), scorer(states, mask)[0])
    assert scorer(states[0]).shape == (20,)


@pytest.mark.parametrize("name", METHODS)
def test_rows_and_readings_without_tokens(name: str) -> None:
    scorer = RelevanceScorer(6, name)
    states, mask = states_of(3, 10, 6), torch.ones(3, 10)
    mask[1] = 0
    scores = scorer(states, mask)
    assert bool((scores[1] == 0).all())
    torch.testing.assert_close(scores[[0, 2]], scorer(states[[0, 2]]), atol=1e-6, rtol=0)
    assert torch.equal(scorer(states, torch.zeros(3, 10)), torch.zeros(3, 10))
    assert scorer(states[:, :0]).shape == (3, 0)
    assert scorer(states[:0]).shape == (0, 10)


@pytest.mark.parametrize("name", ["attention", "surprise", "gradient", "hybrid"])
def test_rows_without_tokens_beside_a_model(name: str) -> None:
    scorer = RelevanceScorer(48, name, model=make("llama", "sdpa"), layer=1)
    states, ids, mask = states_of(3, 10, 48), torch.randint(2, 160, (3, 10)), torch.ones(3, 10)
    mask[1] = 0
    scores = scorer(states, mask, token_ids=ids)
    assert bool((scores[1] == 0).all())
    expected = scorer(states[[0, 2]], token_ids=ids[[0, 2]])
    torch.testing.assert_close(scores[[0, 2]], expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_any_floating_dtype(name: str, dtype: torch.dtype) -> None:
    states = states_of(2, 30, 16).to(dtype)
    scorer = RelevanceScorer(16, name)
    torch.testing.assert_close(scorer(states), scorer(states.float()), atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_states_that_are_no_numbers_are_refused(name: str, value: float) -> None:
    states = states_of(2, 10, 6)
    states[1, 3, 2] = value
    with pytest.raises(InputError, match="NaN or infinity"):
        RelevanceScorer(6, name)(states)


def test_what_does_not_fit_is_refused() -> None:
    scorer, states = RelevanceScorer(6), states_of(2, 10, 6)
    wrong = {
        "last dimension is 6": {"hidden_states": states_of(2, 10, 5)},
        "floating-point": {"hidden_states": torch.ones(2, 10, 6, dtype=torch.long)},
        r"\(seq, hidden\) is needed": {"hidden_states": states[0, 0]},
        r"attention_mask has shape \(2, 9\)": {"attention_mask": torch.ones(2, 9)},
        r"attention_mask has shape \(2, 1, 10, 10\)": {"attention_mask": torch.ones(2, 1, 10, 10)},
        r"token_ids has shape \(3, 10\)": {"token_ids": torch.ones(3, 10, dtype=torch.long)},
        r"attention_weights has shape \(2, 4, 10, 14\)": {
            "attention_weights": torch.ones(2, 4, 10, 14)
        },
        r"logits has shape \(2, 11, 5\)": {"logits": torch.ones(2, 11, 5)},
        "NaN or negative": {"attention_weights": -torch.ones(2, 4, 10, 10)},
    }
    for message, arguments in wrong.items():
        with pytest.raises(InputError, match=message):
            scorer(**{"hidden_states": states, **arguments})
    assert scorer.get_scoring_stats()["calls"] == 0


def test_models_that_do_not_fit_are_refused() -> None:
    model = make("llama")
    with pytest.raises(ConfigurationError, match="hidden_size = 0"):
        RelevanceScorer(0)
    with pytest.raises(ConfigurationError, match="has states of 48"):
        RelevanceScorer(32, model=model, layer=1)
    for layer in (None, 4, -1):
        with pytest.raises(ConfigurationError, match="0 to 3"):
            RelevanceScorer(48, model=model, layer=layer)


def test_method_can_be_changed_and_a_wrong_name_changes_nothing() -> None:
    scorer, states = RelevanceScorer(6, "variance"), states_of(2, 10, 6)
    scorer(states)
    with pytest.raises(RegistryError, match="did you mean 'surprise'"):
        scorer.update_scoring_method("suprise")
    assert scorer.scoring_method == "variance"
    assert scorer.get_scoring_stats()["calls"] == 1
    scorer.update_scoring_method("surprise")
    assert torch.equal(scorer(states), RelevanceScorer(6, "surprise")(states))
    assert scorer.get_scoring_stats()["scoring_method"] == "surprise"


def test_statistics() -> None:
    scorer = RelevanceScorer(6, "variance")
    assert scorer.get_scoring_stats() == {
        "scoring_method": "variance",
        "hidden_size": 6,
        "source": "",
        "calls": 0,
        "total_positions": 0,
        "mean_score": 0.0,
        "std_score": 0.0,
        "min_score": 0.0,
        "max_score": 0.0,
    }
    states, mask = states_of(2, 20, 6), holes(2, 20)
    seen = torch.cat([scorer(states, mask)[mask == 1], scorer(states).flatten()])
    stats = scorer.get_scoring_stats()
    assert (stats["calls"], stats["total_positions"], stats["source"]) == (2, len(seen), "states")
    assert stats["mean_score"] == pytest.approx(float(seen.mean()), abs=1e-6)
    assert stats["std_score"] == pytest.approx(float(seen.std(correction=0)), abs=1e-5)
    assert stats["min_score"] == float(seen.min())
    assert stats["max_score"] == float(seen.max())


def test_top_positions() -> None:
    scorer = RelevanceScorer(6)
    scores = torch.tensor([[0.1, 0.9, 0.5, 0.9], [0.4, 0.3, 0.2, 0.1]])
    assert scorer.get_top_k_positions(scores, 3).tolist() == [[1, 3, 2], [0, 1, 2]]
    mask = torch.tensor([[1, 0, 1, 1], [0, 0, 0, 1]])
    assert scorer.get_top_k_positions(scores, 3, mask).tolist() == [[3, 2, 0], [3, -1, -1]]
    assert scorer.get_top_k_positions(scores[0], 9).tolist() == [1, 3, 2, 0]
    with pytest.raises(InputError, match="k = 0"):
        scorer.get_top_k_positions(scores, 0)
    with pytest.raises(InputError, match="attention_mask"):
        scorer.get_top_k_positions(scores, 1, mask[0])


def test_top_positions_of_real_scores_are_never_padding() -> None:
    states, mask = states_of(3, 30, 6), holes(3, 30)
    scorer = RelevanceScorer(6, "hybrid")
    best = scorer.get_top_k_positions(scorer(states, mask), 5, mask)
    assert bool((mask.gather(1, best.clamp_min(0))[best >= 0] == 1).all())


def test_span_scores() -> None:
    scores = torch.tensor([0.0, 0.5, 1.0, 0.25])
    assert span_scores(scores, [(0, 2), (2, 4), (1, 2)]) == [0.25, 0.625, 0.5]
    for wrong in ((2, 2), (3, 5), (-1, 2)):
        with pytest.raises(InputError, match="does not lie within"):
            span_scores(scores, [wrong])


def test_it_is_a_module_that_can_be_copied() -> None:
    scorer = RelevanceScorer(6, "hybrid").eval().to("cpu")
    states = states_of(1, 10, 6)
    assert torch.equal(copy.deepcopy(scorer)(states), scorer(states))
    assert list(scorer.parameters()) == []
    model = make("llama")
    assert list(RelevanceScorer(48, model=model, layer=0).parameters()) == [], "it owns no model"


def test_config_names_the_default_method() -> None:
    assert ScoringConfig().method == "hybrid"


class Evens(Scorer):
    """Somebody's own scorer."""

    def score(self, context: ScoringContext) -> torch.Tensor:
        places = torch.arange(context.mask.shape[1])
        return (places % 2 == 0).float().expand(context.mask.shape)


class Broken(Scorer):
    value = 2.0

    def score(self, context: ScoringContext) -> torch.Tensor:
        return torch.full(context.mask.shape, self.value)


class Misshapen(Scorer):
    def score(self, context: ScoringContext) -> torch.Tensor:
        return torch.zeros(3)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint(name, f"{__name__}:{target}", "reweaving.scorers")
        for name, target in {"evens": "Evens", "broken": "Broken", "misshapen": "Misshapen"}.items()
    ]
    monkeypatch.setattr(registry_module, "entry_points", lambda group: points)
    monkeypatch.setattr(SCORERS, "_outsiders", None)


def test_own_scorers_come_in_by_entry_point(added: None) -> None:
    states, mask = states_of(2, 6, 4), torch.tensor([[0, 1, 1, 1, 1, 0], [1, 1, 0, 1, 0, 0]])
    own = RelevanceScorer(4, "evens")(states, mask)
    assert own.tolist() == [[0, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0]]
    config = ScoringConfig(hybrid={"weights": {"evens": 0.75, "variance": 0.25}})
    mixed = RelevanceScorer(4, "hybrid", config=config)(states, mask)
    variance = RelevanceScorer(4, "variance")(states, mask)
    torch.testing.assert_close(mixed, 0.75 * own + 0.25 * variance, atol=1e-6, rtol=0)


@pytest.mark.parametrize("value", [2.0, -0.1, math.nan])
def test_broken_promises_are_named(
    added: None, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    monkeypatch.setattr(SCORERS.get("broken"), "value", value)
    with pytest.raises(ConfigurationError, match=r"Broken.score returned values outside \[0, 1\]"):
        RelevanceScorer(4, "broken")(states_of(1, 6, 4))
    with pytest.raises(ConfigurationError, match=r"Misshapen.score returned shape \(3,\)"):
        RelevanceScorer(4, "misshapen")(states_of(1, 6, 4))
