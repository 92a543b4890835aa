"""`CMRPerformanceMonitor`: what a model with a memory does, how well, and whether someone should look."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any, Literal, Self

from reweaving.errors import InputError
from reweaving.events import Event, listen
from reweaving.monitoring.alerts import Alert, AlertRule
from reweaving.monitoring.attached import attached_to, counts_of
from reweaving.monitoring.diagnostics import Check, diagnose
from reweaving.monitoring.health import Finding, HealthStatus, judged
from reweaving.monitoring.profile import Profile, profiled
from reweaving.monitoring.report import Report
from reweaving.monitoring.resources import disk_share, process_usage
from reweaving.monitoring.settings import MonitorConfig
from reweaving.monitoring.statistics import Series, seconds_of

_LIVE_SECONDS = 60.0
_log = logging.getLogger(__name__)


class CMRPerformanceMonitor:
    """Statistics, health, alerts, diagnostics and reports of one model with a memory, or of all.

    Life: `start` (or ``with``) listens to the events of `reweaving.events`; `stop` ends that, and what was
    measured stays until `reset`. Nothing is timed while no monitor listens. Metrics are named
    ``STAGE.seconds``, ``STAGE.tokens`` and so on; `track_metric` adds others. Called from any thread.

    Parameters
    ----------
    cmr_model
        What `reweaving.attach` returned, or a documented model; None for every model of the process.
    clock
        Seconds that never go back; tests bring their own.
    """

    def __init__(
        self,
        cmr_model: Any = None,
        config: MonitorConfig | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config or MonitorConfig()
        self._attached = None if cmr_model is None else attached_to(cmr_model)
        self._memory_counts = dict[str, float] if cmr_model is None else counts_of(cmr_model)
        self._clock = clock
        self._lock = RLock()
        self._stop: Callable[[], None] | None = None
        self._alerts: dict[str, Alert] = {}
        self._began = clock()
        self._series: dict[str, Series] = {}
        self._failures: dict[str, int] = {}

    def start(self) -> Self:
        """Listen from now on; calling it again does nothing."""
        with self._lock:
            if self._stop is None:
                self._stop = listen(self._hear)
        return self

    def stop(self) -> None:
        """Listen no more."""
        with self._lock:
            if self._stop is not None:
                self._stop()
                self._stop = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def track_metric(self, name: str, value: float) -> None:
        """Take one measurement of any name; alerts on it are judged at once.

        Raises
        ------
        InputError
            For a value that is no finite number.
        """
        if not math.isfinite(value):
            raise InputError(f"{name} = {value}: only finite numbers can be tracked")
        now = self._clock()
        with self._lock:
            if name not in self._series:
                self._series[name] = Series(self.config.kept)
            self._series[name].add(now, float(value))
            told = [
                alert
                for alert in self._alerts.values()
                if alert.rule.metric == name and alert.see(float(value), now)
            ]
        for alert in told:
            if alert.notify is not None:
                try:
                    alert.notify(alert)
                except Exception:  # noqa: BLE001 - who listens must not end the request that is measured
                    _log.exception("could not tell of the alert on %s", alert.rule.metric)

    def record_capture(self, tokens: int, entries: int = 0, seconds: float | None = None) -> None:
        """Count a capture that was made elsewhere, as the stage ``remember``."""
        self._record("remember", {"tokens": tokens, "entries": entries}, seconds)

    def record_reconstruction(self, tokens: int, seconds: float | None = None) -> None:
        """Count a reconstruction that was made elsewhere."""
        self._record("reconstruct", {"tokens": tokens}, seconds)

    def set_alert(
        self,
        metric: str,
        threshold: float,
        direction: Literal["above", "below"] = "above",
        *,
        clears_at: float | None = None,
        for_seconds: float = 0.0,
        notify: Callable[[Alert], None] | None = None,
    ) -> Alert:
        """Watch a metric; see `AlertRule`. A second alert on the same metric and side replaces the first.

        Parameters
        ----------
        notify
            Called with the alert when it goes on and when it is over.
        """
        rule = AlertRule(
            metric=metric,
            threshold=threshold,
            direction=direction,
            clears_at=clears_at,
            for_seconds=for_seconds,
        )
        alert = Alert(rule, notify)
        with self._lock:
            self._alerts[f"{metric} {direction}"] = alert
        return alert

    def alerts(self) -> list[Alert]:
        """Every alert, firing or not."""
        with self._lock:
            return list(self._alerts.values())

    def get_stats(self) -> dict[str, Any]:
        """Everything since the start or the last `reset`.

        Returns
        -------
        dict
            ``uptime_seconds``; ``metrics``: name to its statistics, with ``ever`` for count and total of
            those no longer kept too; ``failures`` by stage; ``memory`` and ``process``.
        """
        now = self._clock()
        with self._lock:
            metrics = {
                name: {
                    **series.statistics().as_dict(),
                    "ever": {"count": series.count, "total": series.total},
                }
                for name, series in self._series.items()
            }
            failures = dict(self._failures)
        return {
            "uptime_seconds": now - self._began,
            "metrics": metrics,
            "failures": failures,
            "memory": self._memory_counts(),
            "process": process_usage(),
        }

    def get_live_stats(self) -> dict[str, Any]:
        """The last minute: per metric its statistics and ``per_second``."""
        since = self._clock() - _LIVE_SECONDS
        span = min(_LIVE_SECONDS, max(self._clock() - self._began, 1e-9))
        with self._lock:
            return {
                name: {**found.as_dict(), "per_second": found.count / span}
                for name, series in self._series.items()
                if (found := series.statistics(since)).count
            }

    def get_health_status(self) -> HealthStatus:
        """Green, yellow or red, with what led to it."""
        limits = self.config.health
        with self._lock:
            series = {name: one.statistics() for name, one in self._series.items()}
            found = judged(limits, self._calls(), self._failures, series, self._alerts.values())
        if self.config.max_entries is not None:
            held = self._memory_counts().get("entries", 0)
            share = held / self.config.max_entries
            found.append(Finding.of("share of the memory in use", share, limits.capacity))
        if self.config.folder is not None:
            share = disk_share(self.config.folder)
            found.append(Finding.of("share of the disk in use", share, limits.disk))
        return HealthStatus.of(tuple(found))

    def run_diagnostics(self) -> list[Check]:
        """Probe the model, read the whole memory, look at the disk; each check says what it found."""
        return diagnose(self._attached, self.config.folder)

    def profile_execution(self, prompt: str = "", call: Callable[[], Any] | None = None) -> Profile:
        """Run one request and say where its time went.

        Parameters
        ----------
        prompt
            Asked with `generate`, 16 new tokens, as the user would.
        call
            Run instead of that.

        Raises
        ------
        InputError
            When there is neither a call nor a model with a tokenizer to ask.
        """
        if call is None:
            call = self._request(prompt)
        return profiled(call, None if self._attached is None else self._attached.model)

    def generate_report(self, time_range: str = "1h") -> Report:
        """What happened in the last stretch of time, as JSON and as a page.

        Parameters
        ----------
        time_range
            ``"90s"``, ``"15m"``, ``"1h"``, ``"7d"``.
        """
        seconds = seconds_of(time_range)
        since = self._clock() - seconds
        with self._lock:
            metrics = {
                name: found.as_dict()
                for name, series in sorted(self._series.items())
                if (found := series.statistics(since)).count
            }
            alerts = [
                {**alert.rule.model_dump(), "firing": alert.firing, "fired": alert.fired}
                for alert in self._alerts.values()
            ]
            failures = dict(self._failures)
        health = self.get_health_status()
        return Report(
            {
                "time_range": time_range,
                "seconds": seconds,
                "health": {"status": health.status, "reasons": list(health.reasons)},
                "metrics": metrics,
                "failures": failures,
                "alerts": alerts,
                "memory": self._memory_counts(),
                "process": process_usage(),
            }
        )

    def reset(self) -> None:
        """Forget every measurement; alerts stay set, and are off."""
        with self._lock:
            self._series.clear()
            self._failures.clear()
            self._began = self._clock()
            for key, alert in self._alerts.items():
                self._alerts[key] = Alert(alert.rule, alert.notify)

    def _hear(self, event: Event) -> None:
        if self._attached is not None and event.source is not self._attached.model:
            return
        if event.failed:
            with self._lock:
                self._failures[event.stage] = self._failures.get(event.stage, 0) + 1
        self._record(event.stage, event.values, event.seconds)

    def _record(self, stage: str, values: Mapping[str, float], seconds: float | None) -> None:
        self.track_metric(f"{stage}.calls", 1.0)
        if seconds is not None:
            self.track_metric(f"{stage}.seconds", seconds)
        for name, value in values.items():
            self.track_metric(f"{stage}.{name}", value)

    def _calls(self) -> dict[str, int]:
        return {
            name.removesuffix(".calls"): series.count
            for name, series in self._series.items()
            if name.endswith(".calls")
        }

    def _request(self, prompt: str) -> Callable[[], Any]:
        attached = self._attached
        if attached is None or attached.tokenizer is None or not prompt.strip():
            raise InputError(
                "nothing to profile: give a prompt and a model with a tokenizer, or the call itself"
            )
        ids = attached.tokenizer(prompt, return_tensors="pt")["input_ids"]
        ids = ids.to(attached.adapter.entry_device)
        return lambda: attached.model.generate(ids, max_new_tokens=16, do_sample=False)
