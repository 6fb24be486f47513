-- Are the lines of each date and system real, and is everybody there? 90 days up to tomorrow, active rows only.
-- A date with games and no predictions is a row without a system. `problem` says in words what is wrong, else NULL.
CREATE OR REPLACE VIEW `nba-props-platform.nba_predictions.line_quality_daily`
OPTIONS(
  description = 'Line quality and coverage per game date and system, 90 days. problem is NULL when nothing is wrong.'
)
AS
WITH
book AS (
  SELECT game_date, player_lookup, MIN(snapshot_timestamp) AS twenty_shown_at
  FROM `nba-props-platform.nba_raw.odds_api_player_points_props`
  WHERE game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 89 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND points_line = 20.0
  GROUP BY game_date, player_lookup
),
predictions AS (
  SELECT
    game_date,
    system_id,
    player_lookup,
    game_id,
    current_points_line,
    line_source,
    sportsbook,
    GREATEST(created_at, COALESCE(updated_at, created_at)) AS written_at
  FROM `nba-props-platform.nba_predictions.player_prop_predictions`
  WHERE game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 89 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND is_active
),
daily AS (
  SELECT
    predictions.game_date,
    predictions.system_id,
    COUNT(*) AS total_predictions,
    COUNT(DISTINCT predictions.player_lookup) AS players,
    COUNT(DISTINCT predictions.game_id) AS games,
    COUNTIF(line_source = 'ACTUAL_PROP') AS actual_prop,
    COUNTIF(line_source = 'ESTIMATED_AVG') AS estimated,
    COUNTIF(line_source IS NULL OR line_source = 'NEEDS_BOOTSTRAP') AS missing_source,
    COUNTIF(
      current_points_line = 20.0 AND NOT COALESCE(book.twenty_shown_at <= predictions.written_at, FALSE)
    ) AS placeholders,
    COUNTIF(current_points_line IS NULL) AS null_lines,
    COUNT(*) - COUNT(
      DISTINCT CONCAT(game_id, '/', predictions.player_lookup, '/', IFNULL(CAST(current_points_line AS STRING), 'none'))
    ) AS duplicate_rows,
    AVG(IF(line_source = 'ACTUAL_PROP', current_points_line, NULL)) AS avg_actual_line,
    STDDEV(IF(line_source = 'ACTUAL_PROP', current_points_line, NULL)) AS stddev_actual_line,
    COUNT(DISTINCT sportsbook) AS sportsbooks_used,
    MIN(written_at) AS first_prediction_at,
    MAX(written_at) AS last_prediction_at
  FROM predictions
  LEFT JOIN book
    ON book.game_date = predictions.game_date AND book.player_lookup = predictions.player_lookup
  GROUP BY predictions.game_date, predictions.system_id
),
last_written AS (
  SELECT game_date, MAX(written_at) AS written_at
  FROM predictions
  GROUP BY game_date
),
-- The roster is rewritten at times after the game: what it said when the newest prediction was written counts.
roster AS (
  SELECT
    context.game_date,
    context.game_id,
    (context.avg_minutes_per_game_last_7 >= 15 OR context.has_prop_line)
      AND IFNULL(UPPER(context.player_status), '') NOT IN ('OUT', 'DOUBTFUL')
      AND context.is_production_ready AS is_expected,
    ROW_NUMBER() OVER (
      PARTITION BY context.game_date, context.player_lookup ORDER BY context.created_at DESC
    ) AS age
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context` AS context
  LEFT JOIN last_written
    ON last_written.game_date = context.game_date
  WHERE context.game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 89 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND context.created_at <= COALESCE(last_written.written_at, CURRENT_TIMESTAMP())
),
expected AS (
  SELECT game_date, COUNT(*) AS players, COUNT(DISTINCT game_id) AS games
  FROM roster
  WHERE age = 1 AND is_expected
  GROUP BY game_date
)
SELECT
  COALESCE(daily.game_date, expected.game_date) AS game_date,
  daily.system_id,
  NULLIF(
    ARRAY_TO_STRING(
      [
        -- The last batch for a date's games starts at 11:30 Eastern; before noon nothing is late.
        IF(
          daily.system_id IS NULL
            AND DATETIME(CURRENT_TIMESTAMP(), 'America/New_York') >= DATETIME_ADD(DATETIME(expected.game_date), INTERVAL 12 HOUR),
          FORMAT('no predictions for %d games', expected.games),
          NULL
        ),
        IF(expected.game_date IS NULL, 'nobody is expected, so nobody can be missed', NULL),
        IF(daily.games < expected.games, FORMAT('%d of %d games', daily.games, expected.games), NULL),
        -- similarity_balanced_v1 needs history and covers 80 % of the players on a good night.
        IF(
          daily.players < 0.75 * expected.players,
          FORMAT('%d of %d expected players', daily.players, expected.players),
          NULL
        ),
        IF(daily.placeholders > 0, FORMAT('%d placeholder lines', daily.placeholders), NULL),
        IF(daily.missing_source > 0, FORMAT('%d lines of no known source', daily.missing_source), NULL),
        IF(daily.null_lines > 0.5 * daily.total_predictions, FORMAT('%d without a line', daily.null_lines), NULL),
        IF(daily.duplicate_rows > 0, FORMAT('%d duplicate rows', daily.duplicate_rows), NULL)
      ],
      '; '
    ),
    ''
  ) AS problem,
  IFNULL(daily.total_predictions, 0) AS total_predictions,
  IFNULL(daily.players, 0) AS players,
  IFNULL(expected.players, 0) AS players_expected,
  IFNULL(daily.games, 0) AS games,
  IFNULL(expected.games, 0) AS games_expected,
  IFNULL(daily.actual_prop, 0) AS actual_prop,
  IFNULL(daily.estimated, 0) AS estimated,
  IFNULL(daily.missing_source, 0) AS missing_source,
  IFNULL(daily.placeholders, 0) AS placeholders,
  IFNULL(daily.null_lines, 0) AS null_lines,
  IFNULL(daily.duplicate_rows, 0) AS duplicate_rows,
  ROUND(100 * SAFE_DIVIDE(daily.actual_prop, daily.total_predictions), 1) AS actual_prop_pct,
  ROUND(100 * SAFE_DIVIDE(daily.placeholders, daily.total_predictions), 1) AS placeholder_pct,
  ROUND(daily.avg_actual_line, 2) AS avg_actual_line,
  ROUND(daily.stddev_actual_line, 2) AS stddev_actual_line,
  IFNULL(daily.sportsbooks_used, 0) AS sportsbooks_used,
  daily.first_prediction_at,
  daily.last_prediction_at
FROM daily
FULL JOIN expected
  ON expected.game_date = daily.game_date;
