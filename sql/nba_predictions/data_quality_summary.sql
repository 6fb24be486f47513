-- The whole table since October 2024 in one row, which is there even when the table is empty. Active rows only.
CREATE OR REPLACE VIEW `nba-props-platform.nba_predictions.data_quality_summary`
OPTIONS(
  description = 'One row on everything stored since 2024-10-01. problem is NULL when nothing is wrong.'
)
AS
WITH
book AS (
  SELECT game_date, player_lookup, MIN(snapshot_timestamp) AS twenty_shown_at
  FROM `nba-props-platform.nba_raw.odds_api_player_points_props`
  WHERE game_date >= DATE '2024-10-01' AND points_line = 20.0
  GROUP BY game_date, player_lookup
),
predictions AS (
  SELECT
    p.game_date,
    p.system_id,
    p.player_lookup,
    p.current_points_line,
    p.line_source,
    p.current_points_line = 20.0
      AND NOT COALESCE(
        book.twenty_shown_at <= GREATEST(p.created_at, COALESCE(p.updated_at, p.created_at)), FALSE
      ) AS is_placeholder,
    GREATEST(p.created_at, COALESCE(p.updated_at, p.created_at)) AS written_at,
    CONCAT(
      p.game_id, '/', p.player_lookup, '/', p.system_id, '/', IFNULL(CAST(p.current_points_line AS STRING), 'none')
    ) AS business_key
  FROM `nba-props-platform.nba_predictions.player_prop_predictions` AS p
  LEFT JOIN book
    ON book.game_date = p.game_date AND book.player_lookup = p.player_lookup
  WHERE p.game_date >= DATE '2024-10-01' AND p.is_active
),
stored AS (
  SELECT
    COUNT(*) AS total_predictions,
    COUNT(DISTINCT game_date) AS dates_with_predictions,
    COUNT(DISTINCT system_id) AS systems,
    COUNT(DISTINCT player_lookup) AS players,
    COUNTIF(line_source = 'ACTUAL_PROP') AS actual_prop,
    COUNTIF(line_source = 'ESTIMATED_AVG') AS estimated,
    COUNTIF(line_source IS NULL OR line_source = 'NEEDS_BOOTSTRAP') AS missing_source,
    COUNTIF(is_placeholder) AS placeholders,
    COUNT(DISTINCT IF(is_placeholder, game_date, NULL)) AS dates_with_placeholders,
    COUNTIF(current_points_line IS NULL) AS null_lines,
    COUNT(*) - COUNT(DISTINCT business_key) AS duplicate_rows,
    MIN(game_date) AS first_game_date,
    MAX(game_date) AS last_game_date,
    MAX(written_at) AS last_written_at
  FROM predictions
),
-- Tonight's games count from noon Eastern on: the last batch for them starts at 11:30.
played AS (
  SELECT
    COUNT(DISTINCT context.game_date) AS dates_with_games,
    COUNT(DISTINCT IF(covered.game_date IS NULL, context.game_date, NULL)) AS dates_without_predictions,
    MAX(IF(covered.game_date IS NULL, context.game_date, NULL)) AS last_date_without_predictions
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context` AS context
  LEFT JOIN (SELECT DISTINCT game_date FROM predictions) AS covered
    ON covered.game_date = context.game_date
  WHERE context.game_date BETWEEN DATE '2024-10-01' AND CURRENT_DATE('America/New_York')
    AND DATETIME(CURRENT_TIMESTAMP(), 'America/New_York') >= DATETIME_ADD(DATETIME(context.game_date), INTERVAL 12 HOUR)
)
SELECT
  NULLIF(
    ARRAY_TO_STRING(
      [
        IF(stored.total_predictions = 0, 'no predictions at all', NULL),
        IF(
          stored.total_predictions > 0 AND played.dates_without_predictions > 0,
          FORMAT('%d dates with games have no predictions', played.dates_without_predictions),
          NULL
        ),
        IF(stored.placeholders > 0, FORMAT('%d placeholder lines', stored.placeholders), NULL),
        IF(stored.missing_source > 0, FORMAT('%d lines of no known source', stored.missing_source), NULL),
        IF(stored.duplicate_rows > 0, FORMAT('%d duplicate rows', stored.duplicate_rows), NULL)
      ],
      '; '
    ),
    ''
  ) AS problem,
  stored.total_predictions,
  stored.dates_with_predictions,
  played.dates_with_games,
  played.dates_without_predictions,
  played.last_date_without_predictions,
  stored.systems,
  stored.players,
  stored.actual_prop,
  stored.estimated,
  stored.missing_source,
  stored.placeholders,
  stored.dates_with_placeholders,
  stored.null_lines,
  stored.duplicate_rows,
  ROUND(100 * SAFE_DIVIDE(stored.actual_prop, stored.total_predictions), 1) AS actual_prop_pct,
  ROUND(100 * SAFE_DIVIDE(stored.placeholders, stored.total_predictions), 1) AS placeholder_pct,
  stored.first_game_date,
  stored.last_game_date,
  stored.last_written_at
FROM stored
CROSS JOIN played;
