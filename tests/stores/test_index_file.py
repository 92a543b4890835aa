"""Index files: what is read is what was written, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reweaving.stores.disk import Disk
from reweaving.stores.index import SpanIndex
from reweaving.stores.index_file import IndexFiles
from tests.stores.indexed import index_of, spans


@pytest.fixture(scope="module")
def index() -> SpanIndex:
    return index_of(spans(80))


@pytest.fixture
def files(tmp_path: Path, index: SpanIndex) -> IndexFiles:
    files = IndexFiles(tmp_path)
    files.put("ann", files.write("ann", index))
    return files


def test_round_trip(files: IndexFiles, index: SpanIndex) -> None:
    found = files.load("ann")
    assert found is not None
    np.testing.assert_array_equal(found.cells.centres, index.cells.centres)
    np.testing.assert_array_equal(found.cells.districts, index.cells.districts)
    np.testing.assert_array_equal(found.sketcher.mean, index.sketcher.mean)
    np.testing.assert_array_equal(found.sketcher.basis, index.sketcher.basis)
    for name, array in vars(index.segments[0]).items():
        np.testing.assert_array_equal(getattr(found.segments[0], name), array)
    more = found.with_spans(spans(5, seed=9)).without(["entry-0-3"])
    assert len(more) == 84


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage_is_never_read(files: IndexFiles, index: SpanIndex, data: st.DataObject) -> None:
    files.put("ann", files.write("ann", index))
    path = files.path("ann")
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(whole) - 1))
        bit = 1 << data.draw(st.integers(0, 7))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    else:
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert files.load("ann") is None


def test_another_namespace_reads_nothing(files: IndexFiles) -> None:
    assert files.load("ben") is None
    os.link(files.path("ann"), files.path("ben"))
    assert files.load("ben") is None
    assert b"ann" not in files.path("ann").name.encode()


class _FailingDisk(Disk):
    def rename(self, path: Path, target: Path) -> None:
        raise OSError("the power went")


def test_a_write_that_fails_leaves_the_old_file(files: IndexFiles, tmp_path: Path) -> None:
    before = files.path("ann").read_bytes()
    failing = IndexFiles(tmp_path, _FailingDisk())
    part = failing.write("ann", index_of(spans(10)))
    with pytest.raises(OSError, match="the power went"):
        failing.put("ann", part)
    assert files.path("ann").read_bytes() == before
    files.remove_parts()
    assert not part.exists()
    assert files.load("ann") is not None


def test_removing(files: IndexFiles) -> None:
    assert files.remove("ann")
    assert not files.remove("ann")
    assert files.load("ann") is None
