-- The contract of the predictions table as of mid-January 2026: 59 columns, in the order of the live definition.
-- Columns come and go (102 by July), so checks require a subset with type families, never this exact set.
CREATE TABLE `nba-props-platform.nba_predictions.player_prop_predictions` (
  prediction_id STRING NOT NULL, -- UUID made by the worker; any other form is the mark of another writer
  system_id STRING NOT NULL, -- Prediction system, e.g. catboost_v8; which ones are expected depends on game_date
  player_lookup STRING NOT NULL, -- Player key: lower-case letters of the name, e.g. karlanthonytowns
  universal_player_id STRING, -- Player key of the registry, e.g. karlanthonytowns_001
  game_date DATE NOT NULL, -- US Eastern date of the game; every timestamp here is UTC
  game_id STRING NOT NULL, -- YYYYMMDD_AWY_HOM, or the ten digits of the league; one date uses one form
  prediction_version INT64 NOT NULL, -- Counts regenerations of one key, from 1

  predicted_points NUMERIC(5, 1) NOT NULL, -- Points, 0 to 60: the models clamp there
  confidence_score NUMERIC(5, 2) NOT NULL, -- 0 to 1 in rows written before 2026-01-30 03:43 UTC, 0 to 100 after
  recommendation STRING NOT NULL, -- OVER, UNDER, PASS, or NO_LINE exactly when there is no line
  has_prop_line BOOL, -- TRUE when a sportsbook posted the line

  similarity_baseline NUMERIC(5, 1), -- Points of similar games, before adjustments
  fatigue_adjustment NUMERIC(5, 2),
  shot_zone_adjustment NUMERIC(5, 2),
  referee_adjustment NUMERIC(5, 2),
  look_ahead_adjustment NUMERIC(5, 2),
  pace_adjustment NUMERIC(5, 2),
  usage_spike_adjustment NUMERIC(5, 2),
  home_away_adjustment NUMERIC(5, 2),
  other_adjustments NUMERIC(5, 2),

  similar_games_count INT64,
  avg_similarity_score NUMERIC(5, 2),
  min_similarity_score NUMERIC(5, 2),
  current_points_line NUMERIC(4, 1), -- The line that was predicted against, 5 to 50 in steps of 0.5; NULL when there was none
  line_margin NUMERIC(5, 2), -- predicted_points - current_points_line; NULL exactly when the line is
  ml_model_id STRING, -- Model file of the machine-learning systems; NULL for the others

  line_source STRING, -- ACTUAL_PROP, ESTIMATED_AVG (until 2026-01-22), NO_PROP_LINE (from 2026-01-23); for patched history VEGAS_BACKFILL, NO_VEGAS_DATA
  estimated_line_value NUMERIC(4, 1), -- The estimate that stood in for a line, else NULL
  estimation_method STRING, -- points_avg_last_5, points_avg_last_10, config_default, or NULL for a real line
  line_source_api STRING, -- ODDS_API, BETTINGPROS, ESTIMATED, or NULL
  sportsbook STRING, -- Who posted the real line
  was_line_fallback BOOL, -- TRUE when the first source had no line and the second one did

  prediction_variance NUMERIC(5, 2), -- Between systems, ensembles only
  system_agreement_score NUMERIC(5, 2), -- Between systems, ensembles only
  contributing_systems INT64, -- Ensembles only

  key_factors JSON,
  warnings JSON,

  expected_games_count INT64,
  actual_games_count INT64,
  missing_games_count INT64,
  reprocess_attempt_count INT64,
  completeness_percentage FLOAT64, -- Games found of those expected, 0 to 100
  is_production_ready BOOL,
  circuit_breaker_active BOOL,
  manual_override_required BOOL,
  season_boundary_detected BOOL,
  backfill_bootstrap_mode BOOL,
  data_quality_issues ARRAY<STRING>,
  last_reprocess_attempt_at TIMESTAMP,
  circuit_breaker_until TIMESTAMP,
  processing_decision_reason STRING,

  is_active BOOL NOT NULL, -- FALSE is history: superseded rows, deactivated duplicates, injured players
  superseded_by STRING, -- prediction_id of the row that took its place

  injury_status_at_prediction STRING,
  injury_flag_at_prediction BOOL,
  injury_reason_at_prediction STRING,
  injury_checked_at TIMESTAMP,

  created_at TIMESTAMP NOT NULL, -- First insertion: a MERGE keeps it, so it is no write time
  updated_at TIMESTAMP -- Last change; the write time of a row is GREATEST(created_at, COALESCE(updated_at, created_at))
)
PARTITION BY game_date
CLUSTER BY system_id, player_lookup, confidence_score, game_date
OPTIONS(
  require_partition_filter = TRUE,
  description = 'Player points predictions: a row for each game, player, system and line. Every query needs a predicate on game_date.'
);
