"""The outside of an archive: a zip file, checked before Python's reader takes it apart."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from typing import IO

from reweaving.errors import ArchiveError
from reweaving.memory import archive_format as form

_END = struct.Struct("<4s4H2LH")  # end of central directory, APPNOTE.TXT 4.3.16
_LOCATOR = struct.Struct("<4sLQL")  # of the zip64 end, 4.3.15
_END64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_ENCRYPTED = 0x1


def check_directory(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file whose directory is small and lists plain, uncompressed members only.

    Raises
    ------
    ArchiveError
        When it could cost more memory than its own size, or could reach outside itself.
    """
    size = file.seek(0, os.SEEK_END)
    directory, members = _directory(file, size)
    if directory > form.DIRECTORY_BYTES:
        raise ArchiveError(f"a directory of {directory} bytes is more than {form.DIRECTORY_BYTES}")
    opened = zipfile.ZipFile(file)
    infos = opened.infolist()
    if len(infos) != members:
        raise ArchiveError(f"{members} members are announced, and {len(infos)} are there")
    if len({info.filename for info in infos}) != len(infos):
        raise ArchiveError("two members have the same name")
    for info in infos:
        _check_member(info)
    if sum(info.file_size for info in infos) > size:
        raise ArchiveError("its members are said to be larger than the file")
    return opened


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if name not in (form.MANIFEST, form.ENTRIES) and form.SHARD_NAME.fullmatch(name) is None:
        raise ArchiveError(f"a member {name[:80]!r} has no place in an archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveError(f"{name} is a link")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"{name} is encrypted")
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise ArchiveError(f"{name} is compressed; an archive is not, so that it cannot grow")


def _directory(file: IO[bytes], size: int) -> tuple[int, int]:
    """Size of the directory and number of members; the directory must end where the file ends."""
    end = _unpacked(file, _END, size - _END.size, b"PK\x05\x06")
    members, directory, start, comment = end[4], end[5], end[6], end[7]
    stop = size - _END.size
    if members == 0xFFFF or 0xFFFFFFFF in (directory, start):
        locator = _unpacked(file, _LOCATOR, stop - _LOCATOR.size, b"PK\x06\x07")
        end64 = _unpacked(file, _END64, locator[2], b"PK\x06\x06")
        members, directory, start, stop = end64[7], end64[8], end64[9], locator[2]
    if comment or start + directory != stop:
        raise ArchiveError("something stands before, between or behind what an archive has")
    return directory, members


def _unpacked(file: IO[bytes], form: struct.Struct, at: int, signature: bytes) -> tuple[int, ...]:
    if at < 0:
        raise ArchiveError("it is no zip file, or cut off")
    file.seek(at)
    data = file.read(form.size)
    if len(data) != form.size or data[:4] != signature:
        raise ArchiveError("it is no zip file, or cut off")
    return tuple(form.unpack(data))
