"""The suites: which checks, with which severity and limits. One line a check."""

from prop_quality.suite import Check, Severity, Suite

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

REQUIRED_COLUMNS = {
    "prediction_id": "text",
    "system_id": "text",
    "player_lookup": "text",
    "game_date": "date",
    "game_id": "text",
    "prediction_version": "number",
    "predicted_points": "number",
    "confidence_score": "number",
    "recommendation": "text",
    "has_prop_line": "true or false",
    "current_points_line": "number",
    "line_margin": "number",
    "line_source": "text",
    "line_source_api": "text",
    "is_active": "true or false",
    "created_at": "time",
    "updated_at": "time",
}

# Columns that came after mid-January 2026, or that only remedies show.
OPTIONAL_COLUMNS = {"deployment_revision": "text", "invalidation_reason": "text", "superseded_by": "text"}

SUITES = (
    Suite(
        "schema",
        "The columns that everything relies on are there, each of its type.",
        (Check("required_columns_present", CRITICAL, {"required": REQUIRED_COLUMNS, "optional": OPTIONAL_COLUMNS}),),
    ),
    Suite(
        "placeholder_lines",
        "No row carries a line that a default put there.",
        (
            Check("line_not_placeholder", CRITICAL, {"placeholder": 20.0}),
            Check("line_source_known", CRITICAL),
            Check("line_not_constant", CRITICAL, {"min_rows": 10, "max_share": 0.5}),
        ),
    ),
    Suite(
        "coverage",
        "The expected players and systems of each date are there, and no others.",
        (
            Check("players_covered", CRITICAL, {"critical_below": 0.95}),
            Check("systems_present", CRITICAL),
            Check("systems_known", CRITICAL),
            Check("pairs_covered", CRITICAL),
            Check("players_expected", WARNING),
        ),
    ),
    Suite(
        "freshness",
        "What the batch should have written was written, and not in the future.",
        (
            Check("rows_fresh", CRITICAL, {"critical_below": 0.95}),
            Check("latest_write_recent", CRITICAL),
            Check("created_at_not_future", CRITICAL, {"tolerance_minutes": 5}),
            Check("created_near_game", WARNING),
        ),
    ),
    Suite(
        "reconciliation",
        "What the batch claims is what is stored.",
        (
            Check("claim_consistent", CRITICAL),
            Check("claim_stored", CRITICAL),
            Check("claim_not_exceeded", CRITICAL),
        ),
    ),
    Suite(
        "identity",
        "Every row is there once, under an id of the worker and a game that can be joined.",
        (
            Check("prediction_id_unique", CRITICAL),
            Check("business_key_unique", CRITICAL),
            Check("prediction_id_is_uuid", WARNING),
            Check("game_id_form", CRITICAL),
        ),
    ),
    Suite(
        "line_consistency",
        "What a row says of its line agrees with itself.",
        (
            Check("line_flag_agrees", CRITICAL),
            Check("margin_agrees", CRITICAL, {"max_difference": 0.05}),
            Check("direction_agrees", CRITICAL),
            Check("line_plausible", CRITICAL, {"lowest": 5.0, "highest": 50.0, "step": 0.5}),
        ),
    ),
    Suite(
        "plausibility",
        "The numbers are such as working models and real lines give.",
        (
            Check("points_plausible", CRITICAL, {"lowest": 0.0, "highest": 60.0}),
            Check("points_not_clamped", CRITICAL, {"ceiling": 60.0, "max_share": 0.1}),
            Check("confidence_scale", CRITICAL),
            Check("confidence_varies", CRITICAL, {"min_rows": 10}),
            Check("edge_plausible", WARNING, {"max_edge": 20.0}),
            Check("direction_balanced", WARNING, {"min_rows": 10, "min_share": 0.15, "max_share": 0.85}),
            Check("mean_margin_small", WARNING, {"min_rows": 10, "max_mean": 2.0}),
            Check("lines_available", CRITICAL, {"critical_above": 0.5, "warning_above": 0.1}),
        ),
    ),
    Suite(
        "activity",
        "What should be active is, and nothing of a game that is not played.",
        (
            Check("rows_active", CRITICAL, {"critical_above": 0.5, "warning_above": 0.2}),
            Check("games_not_postponed", WARNING),
        ),
    ),
    Suite(
        "provenance",
        "The worker that should have written the batch did, alone.",
        (
            Check("revision_expected", CRITICAL),
            Check("revision_single", CRITICAL),
        ),
    ),
)

# Asked by the watch only: about silence, not about rows.
WATCH = Suite(
    "watch",
    "There are games, a batch for them, a recent write, and a checkpoint that looked at it.",
    (
        Check("games_known", CRITICAL),
        Check("batch_present", CRITICAL, {"min_share": 0.5}),
        Check("latest_write_recent", CRITICAL, {"max_age_hours": 8}),
        Check("checkpoint_ran", CRITICAL, {"grace_minutes": 30}),
    ),
)
