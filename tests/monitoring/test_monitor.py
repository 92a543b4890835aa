"""What is reported is what happened: events against clocks, statistics against numpy, pages against parsers."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import reweaving
from families import make, tokenizer
from reweaving import Memory, ReweavingConfig, events
from reweaving.errors import ConfigurationError, InputError
from reweaving.monitoring.alerts import AlertRule
from reweaving.monitoring.health import HealthLimits
from reweaving.monitoring.monitor import CMRPerformanceMonitor
from reweaving.monitoring.prometheus import PrometheusExporter
from reweaving.monitoring.settings import MonitorConfig
from reweaving.monitoring.statistics import Series, seconds_of

RECALL = {"threshold": 0.0, "share": 0.0}


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def attached(memory: Memory | None = None, seed: int = 0) -> reweaving.Reweaver:
    model = make("llama", "sdpa", seed=seed)
    return reweaving.attach(model, tokenizer(), memory, ReweavingConfig(recall=RECALL))


def ask(woven: reweaving.Reweaver) -> None:
    ids = woven.tokenizer("the cat is called", return_tensors="pt")["input_ids"]
    woven.model.generate(ids, max_new_tokens=3, do_sample=False)


def test_nobody_listening_costs_no_object_and_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> float:
        raise AssertionError

    monkeypatch.setattr(events.time, "monotonic", fail)
    first, second = events.span("read", None), events.span("store", None)
    assert first is second
    with first as told:
        told.count(tokens=3)


def test_a_span_tells_its_time_its_counts_and_its_failure() -> None:
    heard: list[events.Event] = []
    stop = events.listen(heard.append)
    try:
        with events.span("read", "model") as told:
            told.count(tokens=3)
            told.count(tokens=4)
            time.sleep(0.02)
        with pytest.raises(ZeroDivisionError), events.span("store", "model"):
            raise ZeroDivisionError
    finally:
        stop()
    with events.span("read", "model"):
        pass
    assert [(e.stage, e.failed, e.values) for e in heard] == [
        ("read", "", {"tokens": 7}),
        ("store", "ZeroDivisionError", {}),
    ]
    assert 0.02 <= heard[0].seconds < 2


def test_a_monitor_sees_what_happened_and_only_to_its_model() -> None:
    with attached() as woven, attached(seed=1) as other, CMRPerformanceMonitor(woven) as monitor:
        entries = woven.remember("my cat is called Tom")
        other.remember("the dog lives in Rome")
        ask(woven)
        ask(other)
        stats = monitor.get_stats()
    metrics = stats["metrics"]
    assert metrics["remember.calls"]["count"] == 1
    assert metrics["remember.entries"]["total"] == len(entries) == stats["memory"]["entries"]
    assert metrics["generate.tokens"]["total"] == 3
    assert metrics["recall.entries"]["total"] == len(entries)
    assert (
        metrics["reconstruct.tokens"]["total"] == sum(e.tokens for e in entries) + 1
    )  # and a start
    assert set(metrics) >= {
        f"{s}.seconds" for s in ("read", "score", "store", "recall", "generate")
    }
    parts = sum(metrics[f"{s}.seconds"]["total"] for s in ("read", "score", "store"))
    assert 0 < parts <= metrics["remember.seconds"]["total"]
    assert stats["process"]["resident_bytes"] > 0
    before = monitor.get_stats()["metrics"]["generate.calls"]["count"]
    with attached() as again:
        ask(again)
    assert monitor.get_stats()["metrics"]["generate.calls"]["count"] == before, "stopped"


def test_statistics_are_those_of_numpy() -> None:
    draw = np.random.default_rng(0)
    series = Series(most=500)
    values = draw.exponential(size=700)
    for at, value in enumerate(values):
        series.add(float(at), float(value))
    kept = values[200:]
    found = series.statistics()
    assert (series.count, found.count) == (700, 500)
    assert series.total == pytest.approx(values.sum())
    assert found.mean == pytest.approx(kept.mean())
    for share, mine in ((50, found.p50), (95, found.p95), (99, found.p99)):
        assert mine == pytest.approx(np.percentile(kept, share, method="inverted_cdf"))
    assert series.statistics(since=650).count == 50
    assert Series().statistics().as_dict()["mean"] is None


def test_live_statistics_are_of_the_last_minute() -> None:
    clock = Clock()
    monitor = CMRPerformanceMonitor(clock=clock)
    monitor.track_metric("answers", 1)
    clock.now += 120
    monitor.record_capture(tokens=30, entries=2, seconds=0.5)
    monitor.record_reconstruction(tokens=12)
    live = monitor.get_live_stats()
    assert "answers" not in live
    assert live["remember.tokens"]["total"] == 30
    assert live["remember.calls"]["per_second"] == pytest.approx(1 / 60)
    assert live["reconstruct.tokens"]["total"] == 12
    monitor.reset()
    assert monitor.get_stats()["metrics"] == {}


def test_alerts_do_not_flutter() -> None:
    clock = Clock()
    monitor = CMRPerformanceMonitor(clock=clock)
    told: list[tuple[bool, float]] = []
    monitor.set_alert(
        "latency", 10, clears_at=6, for_seconds=5,
        notify=lambda alert: told.append((alert.firing, alert.value)),
    )  # fmt: skip
    for value in (11, 9, 12, 13, 9, 7, 11, 6, 11):
        monitor.track_metric("latency", value)
        clock.now += 3
    # 11 alone is too short; 12, 13 and then 9 break it off; 11 at the end is too short again
    assert told == []
    for value in (11, 12, 13, 9, 10.5, 7, 6, 9, 10):
        monitor.track_metric("latency", value)
        clock.now += 3
    assert told == [(True, 12), (False, 6)], "between the lines nothing changes"
    below = monitor.set_alert("hits", 0.5, "below")
    for value in (0.6, 0.4, 0.52, 0.56):
        monitor.track_metric("hits", value)
        told.append((below.firing, value))
    assert told[2:] == [(False, 0.6), (True, 0.4), (True, 0.52), (False, 0.56)]
    above = monitor.set_alert("load", 10)
    seen = []
    for value in (11, 9.5, 9.1, 9.0, 9.5):
        monitor.track_metric("load", value)
        seen.append(above.firing)
    assert seen == [True, True, True, False, False], "a tenth below, where no line is given"
    with pytest.raises(ConfigurationError, match="clears_at = 12"):
        AlertRule(metric="latency", threshold=10, clears_at=12)


def test_health_names_its_reasons(tmp_path: Path) -> None:
    clock = Clock()
    config = MonitorConfig(folder=tmp_path, health=HealthLimits(disk=(1.5, 2.0)))
    monitor = CMRPerformanceMonitor(config=config, clock=clock)
    assert monitor.get_health_status().status == "green"
    assert monitor.get_health_status().reasons == ()
    for _ in range(99):
        monitor._record("recall", {}, 0.1)
    monitor.start()
    with pytest.raises(ZeroDivisionError), events.span("recall", None):
        raise ZeroDivisionError
    monitor.stop()
    assert monitor.get_health_status().status == "green", (
        "one in a hundred is not above one in a hundred"
    )
    with monitor, pytest.raises(ZeroDivisionError), events.span("recall", None):
        raise ZeroDivisionError
    health = monitor.get_health_status()
    assert (health.status, str(health)) == ("yellow", "yellow")
    assert health.reasons == ("yellow: share of failed recall 0.0198 > 0.01",)
    monitor.set_alert("queue", 5)
    monitor.track_metric("queue", 9)
    for _ in range(10):
        monitor._record("recall", {}, 12.0)
    health = monitor.get_health_status()
    assert health.status == "red"
    assert health.reasons[0].startswith("red: 95th percentile of recall.seconds 12 > 10")
    assert "yellow: alert: queue is 9" in health.reasons


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"disk": (0.9, 0.5)}, r"HealthLimits.disk = \(0.9, 0.5\): the line to yellow comes first"),
        ({"failures": (-0.1, 0.5)}, r"failures = \(-0.1, 0.5\)"),
        ({"least_count": 0}, r"least_count = 0.*greater than 0"),
        ({"capasity": (0, 1)}, r"did you mean 'capacity'"),
    ],
)
def test_wrong_limits_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        HealthLimits(**given)


def test_a_full_memory_is_seen() -> None:
    with attached() as woven:
        monitor = CMRPerformanceMonitor(woven, MonitorConfig(max_entries=1))
        assert monitor.get_health_status().status == "green"
        woven.remember("my cat is called Tom")
        assert monitor.get_health_status().status == "yellow"
        woven.remember("the dog lives in Rome")
        assert monitor.get_health_status().status == "red"


def test_diagnostics_run_and_find_what_is_wrong(tmp_path: Path) -> None:
    with Memory.open(tmp_path / "m") as memory, attached(memory) as woven:
        woven.remember("my cat is called Tom")
        monitor = CMRPerformanceMonitor(woven, MonitorConfig(folder=tmp_path))
        checks = {check.name: check for check in monitor.run_diagnostics()}
        assert all(check.passed for check in checks.values()), checks
        assert "1 entries read" in checks["memory is whole"].detail
        payload = max((tmp_path / "m").rglob("*.safetensors"), key=lambda p: p.stat().st_size)
        payload.chmod(0o600)
        payload.write_bytes(payload.read_bytes()[:-9] + b"\0flipped\0")
        with torch.no_grad():
            woven.model.lm_head.weight[0, 0] = float("nan")
        broken = {check.name: check.passed for check in monitor.run_diagnostics()}
    assert broken["weights are numbers"] is False
    assert broken["memory is whole"] is False


def test_a_profile_adds_up() -> None:
    with attached() as woven:
        woven.remember("my cat is called Tom")
        monitor = CMRPerformanceMonitor(woven)
        profile = monitor.profile_execution("the cat is called")
        assert set(profile.stages) == {"recall", "reconstruct", "generate", "other"}
        assert sum(stage["seconds"] for stage in profile.stages.values()) == pytest.approx(
            profile.seconds
        )
        assert sum(stage["share"] for stage in profile.stages.values()) == pytest.approx(1)
        assert profile.stages["generate"]["tokens"] == 16
        assert profile.result.shape[1] > 16
        read = monitor.profile_execution(call=lambda: woven.remember("the dog lives in Rome"))
        assert {"read", "score", "store"} <= set(read.stages)
        with pytest.raises(InputError, match="nothing to profile"):
            monitor.profile_execution(" ")
    with pytest.raises(InputError, match="has no memory attached"):
        CMRPerformanceMonitor(object())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open += [tag] if tag != "meta" else []
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_report_is_json_and_a_page(tmp_path: Path) -> None:
    clock = Clock()
    monitor = CMRPerformanceMonitor(clock=clock)
    monitor.track_metric("old", 1)
    clock.now += 4000
    monitor.track_metric("<b>new</b>", 2.5)
    report = monitor.generate_report("1h")
    values = json.loads(report.to_json(tmp_path / "report.json"))
    assert values == json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert set(values["metrics"]) == {"<b>new</b>"}
    assert values["metrics"]["<b>new</b>"]["mean"] == 2.5
    assert values["health"]["status"] == report["health"]["status"] == "green"
    page = _Page()
    page.feed(report.to_html(tmp_path / "report.html"))
    assert page.open == []
    assert page.links == [], "it fetches nothing"
    assert "<b>new</b>" in page.texts
    assert "2.5" in page.texts
    assert set(monitor.generate_report("2h")["metrics"]) == {"old", "<b>new</b>"}
    for wrong in ("1 week", "h", "0s", ""):
        with pytest.raises(InputError, match="time_range"):
            monitor.generate_report(wrong)
    assert seconds_of("1.5h") == 5400


def test_prometheus_reads_what_was_measured() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    with attached(Memory.open(":memory:", namespace="ann-secret")) as woven:
        monitor = CMRPerformanceMonitor(woven)
        exporter = PrometheusExporter(monitor)
        with monitor:
            woven.remember("my cat is called Tom", session="session-secret")
            ask(woven)
        monitor.track_metric("queue", 4)
        monitor.set_alert("queue", 3)
        monitor.track_metric("queue", 5)
        server, thread = exporter.serve(0)
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
            page = answer.read().decode()
        server.shutdown()
        server.server_close()
        thread.join()
        stats = monitor.get_stats()
        assert "secret" not in page
        samples = {
            (s.name, *sorted(s.labels.items())): s.value
            for family in text_string_to_metric_families(page)
            for s in family.samples
        }
        assert all(key[0].startswith("cmr:") for key in samples)
        labels = {label for key in samples for label, _ in key[1:]}
        assert labels <= {"stage", "quantile", "name", "alert"}
        recall = stats["metrics"]["recall.seconds"]
        assert samples["cmr:stage_seconds_count", ("stage", "recall")] == 1
        assert samples["cmr:stage_seconds_sum", ("stage", "recall")] == pytest.approx(
            recall["ever"]["total"]
        )
        assert samples["cmr:stage_tokens_total", ("stage", "generate")] == 3
        assert samples["cmr:memory_entries",] == 1
        assert samples["cmr:metric", ("name", "queue")] == 5
        assert samples["cmr:alert_firing", ("alert", "queue above")] == 1
        assert samples["cmr:health",] == 1
        exporter.close()


def test_without_prometheus_client_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ConfigurationError, match=r"reweaving\[server\]"):
        PrometheusExporter(CMRPerformanceMonitor())


def test_who_listens_does_not_end_the_request() -> None:
    def down(_: object) -> None:
        raise ConnectionError("webhook down")

    with attached() as woven, CMRPerformanceMonitor(woven) as monitor:
        monitor.set_alert("remember.seconds", 0.0, notify=down)
        assert woven.remember("my cat is called Tom")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_only_numbers_are_tracked(value: float) -> None:
    monitor = CMRPerformanceMonitor()
    with pytest.raises(InputError, match="perplexity"):
        monitor.track_metric("perplexity", value)
    assert "perplexity" not in monitor.get_stats()["metrics"]
