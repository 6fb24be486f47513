"""Delivery to a folder and to a bucket, the latter on an emulator of Cloud Storage's REST API on loopback."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from prop_quality.cli import run
from prop_quality.errors import DeliveryError, UsageError
from prop_quality.site import bucket, build_site
from prop_quality.site.files import SiteWriter
from prop_quality.site.publish import Folder, publish
from prop_quality.verdict import ExitCode
from tests.prop_quality.site.nights import NOW, catalogue, incident, store


@pytest.fixture
def site(tmp_path: Path) -> Path:
    store(tmp_path / "state", *incident()[:2])
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    return tmp_path / "site"


def add_run(site: Path, number: int = 2) -> None:
    store(site.parent / "state", incident()[number])
    build_site(site.parent / "state", site, catalogue(), now=NOW)


def visible_files(folder: Path) -> dict[str, bytes]:
    found = ((p.relative_to(folder), p) for p in folder.rglob("*") if p.is_file())
    return {str(name): p.read_bytes() for name, p in found if not any(part.startswith(".") for part in name.parts)}


def test_a_folder_gets_the_whole_site_and_then_only_what_changed(site: Path, tmp_path: Path) -> None:
    target = tmp_path / "public"
    first = publish(site, target)
    assert visible_files(target) == visible_files(site)
    assert first.files_sent == len(visible_files(site))
    assert publish(site, target).files_sent == 0
    kept = {name: (target / name).stat().st_mtime_ns for name in visible_files(target) if name.startswith("runs/2")}
    add_run(site)
    third = publish(site, target)
    assert 0 < third.files_sent < first.files_sent
    assert visible_files(target) == visible_files(site)
    rewritten = [n for n, at in kept.items() if (target / n).stat().st_mtime_ns != at]
    assert rewritten == ["runs/2026-01/index.html"]


def test_a_target_that_missed_deliveries_gets_them_all(site: Path, tmp_path: Path) -> None:
    publish(site, tmp_path / "public")
    for number in (2, 3, 4):
        add_run(site, number)
    publish(site, tmp_path / "public")
    assert visible_files(tmp_path / "public") == visible_files(site)


def test_two_deliveries_to_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    other = Thread(target=lambda: Folder(tmp_path).send([("other.html", b"2")]))

    def files() -> Iterator[tuple[str, bytes]]:
        yield "first.html", b"1"
        other.start()
        other.join(timeout=0.3)
        assert not (tmp_path / "other.html").exists()
        yield "last.html", b"3"

    Folder(tmp_path).send(files())
    other.join(timeout=10)
    assert visible_files(tmp_path) == {"first.html": b"1", "last.html": b"3", "other.html": b"2"}


def test_a_target_that_was_emptied_gets_everything_again(site: Path, tmp_path: Path) -> None:
    first = publish(site, tmp_path / "public")
    shutil.rmtree(tmp_path / "public")
    assert publish(site, tmp_path / "public") == first
    assert visible_files(tmp_path / "public") == visible_files(site)


def test_a_target_that_another_site_wrote_to_is_compared_file_by_file(site: Path, tmp_path: Path) -> None:
    publish(site, tmp_path / "public")
    store(tmp_path / "other/state", incident()[4])
    build_site(tmp_path / "other/state", tmp_path / "other/site", catalogue(), now=NOW)
    publish(tmp_path / "other/site", tmp_path / "public")
    publish(site, tmp_path / "public")
    ours = visible_files(site)
    assert {name: held for name, held in visible_files(tmp_path / "public").items() if name in ours} == ours


def test_a_target_behind_the_journals_is_compared_file_by_file(site: Path, tmp_path: Path) -> None:
    publish(site, tmp_path / "public")
    add_run(site)
    for journal in (site / ".journal").iterdir():
        journal.unlink()
    writer = SiteWriter(site)
    writer.prepare()
    writer.finish()
    add_run(site, 3)
    publish(site, tmp_path / "public")
    assert visible_files(tmp_path / "public") == visible_files(site)


def test_a_folder_that_cannot_be_written_is_a_delivery_error_and_the_next_publish_sends_the_rest(
    site: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "public" / "runs"
    blocked.parent.mkdir()
    blocked.write_text("a file where a folder must be")
    with pytest.raises(DeliveryError, match="could not be copied"):
        publish(site, tmp_path / "public")
    assert not (tmp_path / "public/index.html").exists()
    blocked.unlink()
    publish(site, tmp_path / "public")
    assert visible_files(tmp_path / "public") == visible_files(site)


@pytest.mark.parametrize("to", ["gs://", "gs://Bad_Bucket!", "gs://ok//double", "s3://bucket/x", "https://x.example/"])
def test_a_place_that_is_none_is_wrong_usage(site: Path, to: str) -> None:
    with pytest.raises(UsageError, match="gs://bucket/prefix"):
        publish(site, to)


def test_a_site_is_not_published_into_itself_or_without_being_built(site: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name another folder"):
        publish(site, site / "public")
    with pytest.raises(UsageError, match="name another folder"):
        publish(site, tmp_path)
    with pytest.raises(UsageError, match="site build"):
        publish(tmp_path / "nothing", tmp_path / "public")


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A Cloud Storage of its own on loopback, and a client that talks to it."""
    from gcp_storage_emulator.server import create_server  # type: ignore[import-untyped]
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage as cloud_storage

    port = free_port()
    server = create_server("127.0.0.1", port, in_memory=True)
    server.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    client = cloud_storage.Client(project="test", credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]
    client.create_bucket("docs-of-props")
    yield client
    client.close()
    server.stop()


def free_port() -> int:
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_bucket_gets_types_and_cache_times_and_then_only_what_changed(site: Path, storage: Any) -> None:
    first = publish(site, "gs://docs-of-props/data/docs/")
    assert first.address == "gs://docs-of-props/data/docs/index.html"
    blobs = {b.name.removeprefix("data/docs/"): b for b in storage.list_blobs("docs-of-props")}
    files = visible_files(site)
    assert set(blobs) == set(files)
    assert blobs["index.html"].content_type.startswith("text/html")
    assert blobs["index.html"].cache_control == "no-cache"
    assert blobs["feed.atom"].content_type == "application/atom+xml"
    style = next(name for name in blobs if name.endswith(".css"))
    assert blobs[style].cache_control == "public, max-age=31536000, immutable"
    assert blobs["badge.svg"].content_type == "image/svg+xml"
    assert blobs["index.html"].download_as_bytes() == files["index.html"]
    assert publish(site, "gs://docs-of-props/data/docs").files_sent == 0
    add_run(site)
    second = publish(site, "gs://docs-of-props/data/docs")
    assert 0 < second.files_sent < first.files_sent
    blobs = {b.name.removeprefix("data/docs/"): b for b in storage.list_blobs("docs-of-props")}
    assert {name: b.download_as_bytes() for name, b in blobs.items()} == visible_files(site)


def test_a_bucket_without_a_record_is_compared_by_checksum(site: Path, storage: Any) -> None:
    publish(site, "gs://docs-of-props")
    for record in (site / ".targets").iterdir():
        record.unlink()
    assert publish(site, "gs://docs-of-props").files_sent == 0
    for blob in storage.list_blobs("docs-of-props"):
        blob.delete()
    assert publish(site, "gs://docs-of-props").files_sent == len(visible_files(site)), "it was emptied"


def test_a_bucket_that_refuses_is_exit_4_and_the_next_publish_sends_everything(
    site: Path, storage: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = {path: path.read_bytes() for path in (site.parent / "state/results").rglob("*.json")}
    command = ["site", "publish", "--site", str(site), "--to", "gs://not-there-yet/x"]
    assert run(command) == ExitCode.NOT_DELIVERED
    assert "The bucket not-there-yet refused" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (site.parent / "state/results").rglob("*.json")} == verdicts
    storage.create_bucket("not-there-yet")
    assert run(command) == ExitCode.PASSED
    assert "gs://not-there-yet/x/index.html" in capsys.readouterr().out
    assert len(list(storage.list_blobs("not-there-yet"))) == len(visible_files(site))


def test_a_bucket_that_does_not_answer_is_one_sentence(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{free_port()}")
    # Only how long it is tried: the socket, the client and its retries are the real ones.
    monkeypatch.setattr(bucket, "RETRY_SECONDS", 1.0)
    with pytest.raises(
        DeliveryError, match=r"^The bucket docs-of-props did not answer within 1 s \(ConnectionError\)\."
    ):
        publish(site, "gs://docs-of-props")
