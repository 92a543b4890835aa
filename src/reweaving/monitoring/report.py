"""A report, as JSON for programs and as one HTML page for people."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color:#1c2430;background:#fff}h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:right;"
    "border-bottom:1px solid #d8dee6}th:first-child,td:first-child{text-align:left}"
    ".green{color:#1a7f4b}.yellow{color:#a86400}.red{color:#b3261e}"
    "@media(prefers-color-scheme:dark){body{color:#e4e8ee;background:#14181e}th,td{border-color:#333c48}}"
)
_COLUMNS = ("count", "mean", "p50", "p95", "p99", "largest", "total")


@dataclass(frozen=True)
class Report:
    """What was measured, as plain values."""

    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def to_json(self, path: Path | None = None) -> str:
        """As JSON; written to a file where one is named."""
        text = json.dumps(self.values, indent=2, ensure_ascii=False) + "\n"
        if path is not None:
            path.write_text(text, "utf-8")
        return text

    def to_html(self, path: Path | None = None) -> str:
        """As one page that fetches nothing; written to a file where one is named."""
        health = self.values["health"]
        reasons = "".join(f"<li>{_text(reason)}</li>" for reason in health["reasons"])
        metrics = [
            (name, *(found[column] for column in _COLUMNS))
            for name, found in self.values["metrics"].items()
        ]
        alerts = [
            (
                a["metric"],
                a["direction"],
                a["threshold"],
                "on" if a["firing"] else "off",
                a["fired"],
            )
            for a in self.values["alerts"]
        ]
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>CMR report</title>'
            f"<style>{_STYLE}</style></head><body><h1>CMR, the last {_text(self.values['time_range'])}: "
            f'<span class="{health["status"]}">{health["status"]}</span></h1>'
            f"<ul>{reasons}</ul>"
            + _table("Metrics", ("metric", *_COLUMNS), metrics)
            + _table("Alerts", ("metric", "side", "threshold", "now", "fired"), alerts)
            + _table("Failures", ("stage", "count"), self.values["failures"].items())
            + _table("Memory", ("what", "how much"), self.values["memory"].items())
            + _table("Process", ("what", "how much"), self.values["process"].items())
            + "</body></html>\n"
        )
        if path is not None:
            path.write_text(page, "utf-8")
        return page


def _table(title: str, columns: tuple[str, ...], rows: Any) -> str:
    body = "".join(
        f"<tr>{''.join(f'<td>{_text(value)}</td>' for value in row)}</tr>" for row in rows
    )
    if not body:
        return ""
    head = "".join(f"<th>{_text(column)}</th>" for column in columns)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: Any) -> str:
    return html.escape(f"{value:,.5g}" if isinstance(value, float) else str(value))
