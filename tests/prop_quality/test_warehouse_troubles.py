"""Whatever the warehouse does, a run ends soon with a verdict that says why it could not be decided."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from prop_quality.api import check_batch
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import Night, NightShape, clean_night
from prop_quality.settings import DEFAULT_TIMEOUT_SECONDS, Settings
from prop_quality.verdict import ExitCode, Outcome, Verdict
from tests.prop_quality.troubled import (
    CONTEXT_TABLE,
    RESULTS,
    SEND_JOB,
    TABLES,
    Trouble,
    closed_port,
    silent_socket,
    troubled,
)
from tests.warehouse import load_night

NIGHT = clean_night(NightShape(seed=11, game_date=date(2026, 1, 20), games=2, players=20))


@pytest.fixture
def night(warehouse: EmbeddedWarehouse, settings: Settings) -> Night:
    load_night(warehouse, settings, NIGHT)
    return NIGHT


def judged(settings: Settings, address: str, timeout: float = 20.0) -> Verdict:
    there = replace(settings, emulator_host=address)
    return check_batch(NIGHT.event, settings=there, now=NIGHT.now, timeout_seconds=timeout, keep=False)


def assert_undecided(verdict: Verdict, kind: str, *words: str) -> None:
    assert verdict.exit_code is ExitCode.INCONCLUSIVE
    assert verdict.error is not None
    assert verdict.error.kind == kind
    for word in words:
        assert word in verdict.error.message
    assert {check.outcome for check in verdict.checks} == {Outcome.INCONCLUSIVE}
    assert {check.reason for check in verdict.checks} == {verdict.error.message}
    assert [day.verdict for day in verdict.dates] == [Outcome.INCONCLUSIVE]


def test_a_closed_port_is_unreachable_within_seconds(settings: Settings) -> None:
    started = time.monotonic()
    verdict = judged(settings, closed_port())
    assert_undecided(verdict, "unreachable", "could not be reached", "Connection refused; check the network")
    assert time.monotonic() - started < 15


def test_a_server_that_never_answers_is_a_time_out(settings: Settings) -> None:
    started = time.monotonic()
    with silent_socket() as address:
        verdict = judged(settings, address, timeout=2)
    assert_undecided(verdict, "timed_out", "did not answer in time", "--timeout")
    assert time.monotonic() - started < 15


def test_a_sign_in_that_never_answers_is_undecided_within_seconds(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = time.monotonic()
    with silent_socket() as address:
        key = tmp_path / "key.json"
        key.write_text(json.dumps(service_account(address)), encoding="utf-8")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
        verdict = check_batch(
            NIGHT.event, settings=replace(settings, emulator_host=None), now=NIGHT.now, timeout_seconds=2, keep=False
        )
    assert_undecided(verdict, "unreachable", "sign-in")
    assert "PRIVATE KEY" not in json.dumps(verdict.to_json())
    assert time.monotonic() - started < 20


def test_no_credentials_is_undecided_and_says_how_to_get_some(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    verdict = check_batch(NIGHT.event, settings=replace(settings, emulator_host=None), now=NIGHT.now, keep=False)
    assert_undecided(verdict, "unreachable", "credentials", "gcloud auth application-default login")


def service_account(token_uri: str) -> dict[str, str]:
    """A well-formed key of nobody, made for this test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": "nobody",
        "private_key_id": "1",
        "private_key": key.decode(),
        "client_email": "nobody@nobody.example",
        "client_id": "1",
        "token_uri": token_uri,
    }


def test_the_default_deadline_leaves_time_to_say_so_within_a_minute() -> None:
    assert DEFAULT_TIMEOUT_SECONDS <= 45


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("where", [SEND_JOB, RESULTS])
def test_a_query_that_does_not_end_is_a_time_out(warehouse: EmbeddedWarehouse, settings: Settings, where: str) -> None:
    started = time.monotonic()
    with troubled(warehouse.endpoint, Trouble(where, kind="hang")) as address:
        verdict = judged(settings, address, timeout=3)
    assert_undecided(verdict, "timed_out", "did not answer in time")
    assert time.monotonic() - started < 20


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize("where", [TABLES, RESULTS])
def test_an_answer_that_trickles_is_a_time_out(warehouse: EmbeddedWarehouse, settings: Settings, where: str) -> None:
    started = time.monotonic()
    with troubled(warehouse.endpoint, Trouble(where, kind="drip")) as address:
        verdict = judged(settings, address, timeout=2)
    assert_undecided(verdict, "timed_out", "did not answer in time")
    assert time.monotonic() - started < 15


def test_a_page_in_place_of_an_answer_is_called_so(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    with troubled(warehouse.endpoint, Trouble(TABLES, kind="page")) as address:
        verdict = judged(settings, address)
    assert_undecided(verdict, "unreachable", "not BigQuery", str(settings.table), "proxy")


def test_a_refused_table_names_table_and_permission(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    trouble = Trouble(TABLES, 403, "accessDenied", "Access Denied: User does not have bigquery.tables.get.")
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert_undecided(verdict, "permission_refused", str(settings.table), "bigquery.tables.get")


@pytest.mark.usefixtures("night")
def test_a_refused_query_names_the_permission(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    trouble = Trouble(SEND_JOB, 403, "accessDenied", "Access Denied: User does not have bigquery.jobs.create.")
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert_undecided(verdict, "permission_refused", "bigquery.jobs.create")
    assert verdict.cost.jobs == 0


def test_a_missing_table_is_named(settings: Settings) -> None:
    gone = replace(settings, table=replace(settings.table, project="nobody-has-this-project"))
    verdict = check_batch(NIGHT.event, settings=gone, now=NIGHT.now, keep=False)
    assert_undecided(verdict, "not_found", "nobody-has-this-project", "PROP_QUALITY_TABLE")


@pytest.mark.usefixtures("night")
def test_the_byte_cap_is_inconclusive_and_says_what_to_raise(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    said = "Query exceeded limit for bytes billed: 1073741824. 2147483648 or higher required."
    trouble = Trouble(SEND_JOB, kind="failed_job", reason="bytesBilledLimitExceeded", message=said)
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert_undecided(verdict, "over_budget", "2147483648", "PROP_QUALITY_MAX_BYTES_BILLED")
    assert verdict.cost.jobs == 1


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize(
    ("where", "kind"), [(TABLES, "error"), (SEND_JOB, "error"), (SEND_JOB, "reset"), (RESULTS, "error")]
)
def test_a_passing_trouble_is_asked_again(
    warehouse: EmbeddedWarehouse, settings: Settings, where: str, kind: str
) -> None:
    trouble = Trouble(where, 503, "backendError", "Error encountered during execution.", kind=kind, times=1)
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert verdict.verdict is Outcome.PASSED, verdict.summary
    assert verdict.cost.jobs == 1
    assert trouble.seen >= 2


@pytest.mark.usefixtures("night")
def test_a_rate_limit_is_waited_for_and_a_used_up_quota_is_no_permission(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    busy = Trouble(SEND_JOB, 403, "rateLimitExceeded", "Exceeded rate limits.", times=1)
    with troubled(warehouse.endpoint, busy) as address:
        assert judged(settings, address).verdict is Outcome.PASSED
    used_up = Trouble(SEND_JOB, 403, "quotaExceeded", "Quota exceeded: query bytes per day.")
    with troubled(warehouse.endpoint, used_up) as address:
        assert_undecided(judged(settings, address), "unreachable", "query bytes per day", "more quota")
    assert used_up.seen == 1


@pytest.mark.usefixtures("night")
def test_a_lasting_trouble_is_asked_three_times_and_then_decided(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    trouble = Trouble(SEND_JOB, 503, "backendError", "Error encountered during execution.")
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert_undecided(verdict, "unreachable", "Error encountered during execution")
    assert trouble.seen == 3


@pytest.mark.usefixtures("night")
def test_a_refused_context_table_leaves_only_its_checks_undecided(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    trouble = Trouble(CONTEXT_TABLE, 403, "accessDenied", "Access Denied: no bigquery.tables.get.")
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert verdict.verdict is Outcome.INCONCLUSIVE
    assert verdict.error is None
    covered = verdict.check("players_covered")
    assert covered.outcome is Outcome.INCONCLUSIVE
    assert "upcoming_player_game_context" in covered.reason
    assert verdict.check("line_not_placeholder").outcome is Outcome.PASSED


def test_a_refused_second_query_leaves_the_verdict_and_says_so(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    bad = replace(NIGHT, rows=[{**row, "line_source": None} for row in NIGHT.rows])
    load_night(warehouse, settings, bad)
    trouble = Trouble(SEND_JOB, 503, "backendError", "Error encountered during execution.", after=1)
    with troubled(warehouse.endpoint, trouble) as address:
        verdict = judged(settings, address)
    assert verdict.verdict is Outcome.FAILED
    assert verdict.check("line_source_known").outcome is Outcome.FAILED
    assert verdict.check("line_source_known").sample == ()
    assert any("could not be fetched" in note for note in verdict.notes)
