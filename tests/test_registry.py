"""The registry: lazy, loud about collisions, helpful about misses."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reweaving import registry as registry_module
from reweaving.errors import RegistryError
from reweaving.registry import Registry


def test_target_is_imported_only_when_asked_for() -> None:
    sys.modules.pop("colorsys", None)
    colours: Registry[object] = Registry("colour", {"hsv": "colorsys:rgb_to_hsv"})
    assert "hsv" in colours
    assert "colorsys" not in sys.modules
    assert callable(colours.get("hsv"))
    assert "colorsys" in sys.modules


def test_miss_suggests_the_nearest_name() -> None:
    stores: Registry[object] = Registry("store", {"sqlite": "a:b", "postgres": "c:d"})
    with pytest.raises(RegistryError, match="did you mean 'sqlite'"):
        stores.get("sqlit")
    with pytest.raises(RegistryError, match="known: postgres, sqlite"):
        stores.get("xyz")


def test_collision_is_refused_and_repetition_is_not() -> None:
    stores: Registry[object] = Registry("store", {"sqlite": "a:b"})
    stores.add("sqlite", "a:b")
    with pytest.raises(RegistryError, match="already a:b"):
        stores.add("sqlite", "other:Store")


@pytest.mark.parametrize("target", ["colorsys:nothing", "no_such_module:part", "json.gone.on:part"])
def test_target_that_is_not_there_is_named(target: str) -> None:
    stores: Registry[object] = Registry("store", {"broken": target})
    with pytest.raises(RegistryError, match=f"{target}, which does not exist"):
        stores.get("broken")


@pytest.mark.parametrize(
    ("line", "error"),
    [("import no_such_module", ModuleNotFoundError), ("''.nothing", AttributeError)],
)
def test_what_goes_wrong_inside_a_part_keeps_its_name(
    line: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part_that_fails.py").write_text(f"{line}\n\nclass Part: ...\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    stores: Registry[object] = Registry("store", {"failing": "part_that_fails:Part"})
    with pytest.raises(error, match=r"nothing|no_such_module"):
        stores.get("failing")


def test_outsiders_come_in_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("theirs", "colorsys:hsv_to_rgb", "reweaving.stores")]
    monkeypatch.setattr(registry_module, "entry_points", lambda group: points)
    stores: Registry[object] = Registry("store", {"sqlite": "a:b"})
    assert stores.names() == ["sqlite", "theirs"]
    assert callable(stores.get("theirs"))


def test_two_claims_on_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("sqlite", "theirs:Store", "reweaving.stores")]
    monkeypatch.setattr(registry_module, "entry_points", lambda group: points)
    stores: Registry[object] = Registry("store", {"sqlite": "a:b"})
    with pytest.raises(RegistryError, match="claimed by theirs:Store"):
        stores.names()
