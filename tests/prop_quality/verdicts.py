"""Verdicts against their published schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from prop_quality.verdict import Verdict


def valid(data: Mapping[str, Any]) -> Verdict:
    """The verdict, once its JSON has met `docs/verdict.schema.json` and has survived being read back."""
    problems = [f"{list(error.path)}: {error.message}" for error in _validator().iter_errors(data)]
    assert not problems, problems[:5]
    verdict = Verdict.from_json(data)
    assert verdict.to_json() == data
    return verdict


def read(path: Path) -> Verdict:
    """The valid verdict of a file."""
    return valid(json.loads(path.read_text(encoding="utf-8")))


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(Path("docs/verdict.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
