"""The base classes of our expectations: declare what to ask, judge what came back.

An expectation is an ordinary `BatchExpectation` of Great Expectations. It depends on one metric, the scan, which is
asked once for all of them; it declares its part of that query, and `judge` turns its numbers into an outcome.
"""

from prop_quality.expectation.clearing import cleared
from prop_quality.expectation.group import GroupExpectation
from prop_quality.expectation.remedies import FailedSlice, missing_players, pasted, start_again, start_command
from prop_quality.expectation.row import RowExpectation, counted_rows
from prop_quality.expectation.scan import ScanExpectation
from prop_quality.expectation.sql import in_words, literals, partition_key
from prop_quality.judgement import Finding, Judgement, conclude, undecided
from prop_quality.registry import Floor
from prop_quality.scan.answer import Answer, Group, Pairs
from prop_quality.scan.parameters import literal
from prop_quality.scan.scope import Scope
from prop_quality.tables import TYPE_FAMILIES
from prop_quality.verdict import Cleared, Outcome, Severity
from prop_quality.words import plural, quoted, some_of

__all__ = [
    "TYPE_FAMILIES",
    "Answer",
    "Cleared",
    "FailedSlice",
    "Finding",
    "Floor",
    "Group",
    "GroupExpectation",
    "Judgement",
    "Outcome",
    "Pairs",
    "RowExpectation",
    "ScanExpectation",
    "Scope",
    "Severity",
    "cleared",
    "conclude",
    "counted_rows",
    "in_words",
    "literal",
    "literals",
    "missing_players",
    "partition_key",
    "pasted",
    "plural",
    "quoted",
    "some_of",
    "start_again",
    "start_command",
    "undecided",
]
