"""A screenshot in a third of its bytes: flat pages need few colours, and Chromium compresses for speed."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256


def smaller(png: bytes) -> bytes:
    """`png`, as Chromium makes it (8 bits a channel, RGB or RGBA), with at most 256 colours."""
    pixels = _read(png).astype(numpy.uint32)
    height, width, _ = pixels.shape
    numbers = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
    found, place, count = numpy.unique(numbers, return_inverse=True, return_counts=True)
    kept = numpy.sort(numpy.argsort(-count, kind="stable")[:_COLOURS])  # what is rarer is a shade on a letter's edge
    channels = numpy.stack([found >> 16, found >> 8 & 0xFF, found & 0xFF], axis=1).astype(numpy.int64)
    nearest = ((channels[:, None] - channels[kept][None]) ** 2).sum(axis=2).argmin(axis=1)
    indexed = nearest[place.reshape(height, width)].astype(numpy.uint8)
    lines = numpy.hstack([numpy.zeros((height, 1), numpy.uint8), indexed])
    palette = channels[kept].astype(numpy.uint8)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _read(png: bytes) -> Any:
    """The pixels as height × width × channels."""
    data, at, width, height, channels = b"", len(_SIGNATURE), 0, 0, 0
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", content[:8])
            channels = {2: 3, 6: 4}[content[9]]
        elif kind == b"IDAT":
            data += content
        at += length + 12
    lines = numpy.frombuffer(zlib.decompress(data), numpy.uint8).reshape(height, 1 + width * channels)
    above = numpy.zeros((width, channels), numpy.int64)
    rows = []
    for line in lines:
        above = _unfiltered(int(line[0]), line[1:].reshape(width, channels).astype(numpy.int64), above)
        rows.append(above)
    return numpy.stack(rows)


def _unfiltered(kind: int, line: Any, above: Any) -> Any:
    """One line of a PNG as it was before its filter (PNG specification, section 9)."""
    if kind == 0:
        return line
    if kind == 1:
        return numpy.cumsum(line, axis=0) % 256
    if kind == 2:
        return (line + above) % 256
    left, corner = numpy.zeros_like(line[0]), numpy.zeros_like(line[0])
    made = numpy.empty_like(line)
    for i, value in enumerate(line):
        guess = (left + above[i]) // 2 if kind == 3 else _paeth(left, above[i], corner)
        left, corner = (value + guess) % 256, above[i]
        made[i] = left
    return made


def _paeth(left: Any, up: Any, corner: Any) -> Any:
    estimate = left + up - corner
    a, b, c = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
    return numpy.where((a <= b) & (a <= c), left, numpy.where(b <= c, up, corner))
