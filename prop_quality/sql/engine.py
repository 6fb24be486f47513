"""Google's SQL parser and analyzer as a WebAssembly module: compiled once a machine, called with protocol buffers.

The package `zetasql` ships the module and the message types. Its own client compiles 28 MB at every start (40 s), and
copies each message byte by byte in Python; here the compiled module is kept in the cache folder, and messages are
copied whole. A call that traps (a call stack exhausted by deep nesting) or overruns its time breaks the instance, not
the process: it is replaced before the next call.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import filelock
from google.protobuf.internal import api_implementation

from prop_quality.settings import cache_directory
from prop_quality.sql.errors import AnalyzerFailed, AnalyzerMissing, Refused

try:
    import wasmtime
    from zetasql.wasi import get_wasm_path

    # The names of the time zones; the package's own client finds them too, and takes half a second to import.
    _ZONES = str(files("tzdata") / "zoneinfo")
except ImportError as error:
    raise AnalyzerMissing(
        "The SQL gate needs Google's analyzer, which is not installed; run pip install 'prop-quality[sql]'."
    ) from error

_Message = TypeVar("_Message")
# Without this a tree more than 100 messages deep, a sum of 40 terms, cannot be read back.
api_implementation._c_module.SetAllowOversizeProtos(True)

_PREFIX = "ZetaSqlLocalService_"
_CALL_SECONDS = 60
_MAKING = threading.Lock()
# Three times the default; the library aborts the process above its own limit of 2 MiB.
_MAX_WASM_STACK = 3 * 512 * 1024


class Engine:
    """One instance of the module. Not for two threads at once; instances in several threads run at the same time."""

    def __init__(self) -> None:
        self._engine, self._module = _compiled()
        self.generation = 0
        self._start()

    def call(self, method: str, request: Any, response: type[_Message]) -> _Message:
        """Send `request` to `method` of the service and return its answer.

        Raises:
            Refused: the service answered with an error; its message ends with the place.
            AnalyzerFailed: the module trapped or overran its time; the next call gets a fresh instance, and whatever
                was registered in the old one is gone (`generation` counts instances).
        """
        try:
            answer: _Message = self._call(method, request.SerializeToString(), response)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            self._start()
            raise AnalyzerFailed(_reason(error)) from error
        return answer

    def _start(self) -> None:
        self.generation += 1
        wasi = wasmtime.WasiConfig()
        wasi.preopen_dir(_ZONES, "/usr/share/zoneinfo")
        self._store = wasmtime.Store(self._engine)
        self._store.set_wasi(wasi)
        self._store.set_epoch_deadline(_CALL_SECONDS)
        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        exports: Any = linker.instantiate(self._store, self._module).exports(self._store)
        exports["_initialize"](self._store)
        self._exports = exports

    def _call(self, method: str, sent: bytes, response: Any) -> Any:
        self._store.set_epoch_deadline(_CALL_SECONDS)
        run = self._exports
        request = run["wasm_malloc"](self._store, len(sent))
        size = run["wasm_malloc"](self._store, 4)
        ctypes.memmove(self._address() + request, sent, len(sent))
        answer = run[_PREFIX + method](self._store, request, len(sent), size)
        try:
            if answer == 0:
                length = run["wasm_get_last_error_size"](self._store)
                raise Refused(self._read(run["wasm_get_last_error"](self._store), length).decode(errors="replace"))
            length = int.from_bytes(self._read(size, 4), "little")
            received = self._read(answer, length)
            run["wasm_free"](self._store, answer)
        finally:
            run["wasm_free"](self._store, request)
            run["wasm_free"](self._store, size)
        return response.FromString(received)

    def _read(self, pointer: int, length: int) -> bytes:
        return ctypes.string_at(self._address() + pointer, length)

    def _address(self) -> int:
        # The module's memory may move when it grows, so the address is asked anew each time.
        return ctypes.addressof(self._exports["memory"].data_ptr().contents)


def _reason(error: BaseException) -> str:
    text = str(error)
    if "call stack exhausted" in text or "out of bounds" in text:
        return "it is nested too deeply or too large"
    if "interrupt" in text:
        return f"it did not finish within {_CALL_SECONDS} s"
    return text.strip().rsplit("\n", 1)[-1].strip()


def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    """The compiled module, which all threads share; the first makes it."""
    with _MAKING:
        return _made()


@cache
def _made() -> tuple[wasmtime.Engine, wasmtime.Module]:
    """The compiled module, from the cache folder when it is there; one process compiles, others wait for it."""
    engine = wasmtime.Engine(_config())
    path = _cached_path()
    module = _load(engine, path)
    if module is None:
        module = _compile(engine, path)
    threading.Thread(target=_tick, args=(engine,), daemon=True, name="prop-quality-sql-clock").start()
    return engine, module


def _config() -> wasmtime.Config:
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.shared_memory = True
    config.epoch_interruption = True
    config.max_wasm_stack = _MAX_WASM_STACK
    return config


def _tick(engine: wasmtime.Engine) -> None:
    """Advance the clock that ends a call which overruns its time."""
    while True:
        time.sleep(1)
        engine.increment_epoch()


def _cached_path() -> Path | None:
    """Where the compiled module is kept, None when this user has no folder of their own to write to."""
    versions = "-".join(metadata.version(name) for name in ("zetasql", "wasmtime"))
    folder = cache_directory()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder / f"analyzer-{versions}-{platform.machine()}.bin" if os.access(folder, os.W_OK) else None


def _load(engine: wasmtime.Engine, path: Path | None) -> wasmtime.Module | None:
    if path is None or not path.is_file():
        return None
    try:
        return wasmtime.Module.deserialize_file(engine, str(path))
    except wasmtime.WasmtimeError:
        # Another wasmtime or processor made it, or the disk was full: it is compiled anew.
        return None


def _compile(engine: wasmtime.Engine, path: Path | None) -> wasmtime.Module:
    with compiling_alone(path):
        module = _load(engine, path)
        if module is not None:
            return module
        kept = f"kept in {path.parent} for every later start" if path else "the cache folder cannot be written"
        print(f"Compiling Google's SQL analyzer (once a machine, about 45 s; {kept}) …", file=sys.stderr, flush=True)
        module = wasmtime.Module.from_file(engine, get_wasm_path())
        if path is not None:
            _keep(bytes(module.serialize()), path)
        return module


@contextlib.contextmanager
def compiling_alone(path: Path | None) -> Iterator[None]:
    """One process compiles; another says that it waits."""
    if path is None:
        yield
        return
    lock = filelock.FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        print("Waiting for another process that compiles Google's SQL analyzer …", file=sys.stderr, flush=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _keep(content: bytes, path: Path) -> None:
    """Store the compiled module whole or not at all."""
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
