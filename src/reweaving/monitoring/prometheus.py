"""Metrics for Prometheus, under the prefix ``cmr:`` and without anybody's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reweaving.errors import ConfigurationError

if TYPE_CHECKING:
    from reweaving.monitoring.monitor import CMRPerformanceMonitor

_CALLS = ".calls"


class PrometheusExporter:
    """Shows what a monitor measured; nothing is counted twice or kept here.

    ``cmr:stage_seconds`` is a summary by stage (count, sum, and quantiles over what is kept);
    ``cmr:stage_TOKENS_total`` and ``cmr:stage_failures_total`` are counters by stage; ``cmr:memory_ENTRIES``
    and ``cmr:process_…`` are gauges; ``cmr:health`` is 0, 1 or 2 for green, yellow and red;
    ``cmr:metric`` holds the last value of metrics that were tracked by name. The only labels are ``stage``,
    ``quantile``, ``name`` and ``alert``: no namespace, user or session ever is one.

    Parameters
    ----------
    monitor
        What to show.
    registry
        A registry of prometheus-client; None for one of its own.

    Raises
    ------
    ConfigurationError
        When prometheus-client is not installed.
    """

    def __init__(self, monitor: CMRPerformanceMonitor, registry: Any = None) -> None:
        try:
            import prometheus_client
        except ImportError as error:
            raise ConfigurationError(
                "metrics for Prometheus need prometheus-client: pip install 'reweaving[server]'"
            ) from error
        self._client = prometheus_client
        self._monitor = monitor
        self.registry = registry or prometheus_client.CollectorRegistry()
        self.registry.register(self)

    def render(self) -> bytes:
        """The page that Prometheus reads."""
        return self._client.generate_latest(self.registry)

    def serve(self, port: int, host: str = "127.0.0.1") -> Any:
        """Serve that page over HTTP on a thread of its own.

        Returns
        -------
        server, thread
            ``server.shutdown()`` ends it.
        """
        return self._client.start_http_server(port, host, self.registry)

    def close(self) -> None:
        """Take the metrics out of the registry."""
        self.registry.unregister(self)

    def describe(self) -> list[Any]:
        """Nothing: names appear with what is measured."""
        return []

    def collect(self) -> Iterator[Any]:
        """Called by the registry for each page."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            SummaryMetricFamily,
        )

        stats = self._monitor.get_stats()
        seconds = SummaryMetricFamily(
            "cmr:stage_seconds", "Time of each stage in seconds", labels=["stage"]
        )
        counters: dict[str, Any] = {}
        tracked = GaugeMetricFamily("cmr:metric", "Last value of a tracked metric", labels=["name"])
        for name, found in stats["metrics"].items():
            stage, _, what = name.rpartition(".")
            if not stage or f"{stage}{_CALLS}" not in stats["metrics"]:
                tracked.add_metric([name], found["last"])
            elif what == "seconds":
                ever = found["ever"]
                seconds.add_metric([stage], ever["count"], ever["total"])
                for share in ("p50", "p95", "p99"):
                    seconds.add_sample(
                        "cmr:stage_seconds",
                        {"stage": stage, "quantile": f"0.{share[1:]}"},
                        found[share],
                    )
            else:
                key = f"cmr:stage_{what}"
                if key not in counters:
                    counters[key] = CounterMetricFamily(key, f"{what} by stage", labels=["stage"])
                counters[key].add_metric([stage], found["ever"]["total"])
        failures = CounterMetricFamily(
            "cmr:stage_failures", "Stages that ended with an exception", labels=["stage"]
        )
        for stage, count in stats["failures"].items():
            failures.add_metric([stage], count)
        firing = GaugeMetricFamily("cmr:alert_firing", "1 while an alert is on", labels=["alert"])
        for alert in self._monitor.alerts():
            firing.add_metric([f"{alert.rule.metric} {alert.rule.direction}"], float(alert.firing))
        yield from (seconds, *counters.values(), failures, tracked, firing)
        status = self._monitor.get_health_status().status
        yield GaugeMetricFamily(
            "cmr:health",
            "0 green, 1 yellow, 2 red",
            value=("green", "yellow", "red").index(status),
        )
        for part in ("memory", "process"):
            for name, value in stats[part].items():
                yield GaugeMetricFamily(f"cmr:{part}_{name}", f"{name} of the {part}", value=value)
