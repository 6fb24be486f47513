-- How often each system was right, per month since October 2024, against real lines only: active rows that were judged
-- against a line that a sportsbook posted. A month with games and no such row is a row too, with its `problem`.
CREATE OR REPLACE VIEW `nba-props-platform.nba_predictions.performance_valid_lines_only`
OPTIONS(
  description = 'Wins and losses per system and month against real lines only. win_rate is 0 to 1, pushes left out.'
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
    p.prediction_id,
    p.game_date,
    p.system_id,
    p.recommendation,
    p.current_points_line,
    p.line_source IN ('ACTUAL_PROP', 'VEGAS_BACKFILL')
      AND p.current_points_line IS NOT NULL
      AND (
        p.current_points_line <> 20.0
        OR COALESCE(book.twenty_shown_at <= GREATEST(p.created_at, COALESCE(p.updated_at, p.created_at)), FALSE)
      ) AS is_valid
  FROM `nba-props-platform.nba_predictions.player_prop_predictions` AS p
  LEFT JOIN book
    ON book.game_date = p.game_date AND book.player_lookup = p.player_lookup
  WHERE p.game_date >= DATE '2024-10-01' AND p.is_active
),
-- A prediction that was graded again counts once, as it was graded last.
graded AS (
  SELECT prediction_id, absolute_error, prediction_correct
  FROM (
    SELECT
      prediction_id,
      absolute_error,
      prediction_correct,
      ROW_NUMBER() OVER (PARTITION BY prediction_id ORDER BY graded_at DESC) AS age
    FROM `nba-props-platform.nba_predictions.prediction_accuracy`
    WHERE game_date >= DATE '2024-10-01'
  )
  WHERE age = 1
),
monthly AS (
  SELECT
    DATE_TRUNC(predictions.game_date, MONTH) AS month,
    predictions.system_id,
    COUNT(*) AS stored_predictions,
    COUNT(DISTINCT IF(is_valid, predictions.game_date, NULL)) AS dates,
    COUNTIF(is_valid) AS total_predictions,
    COUNTIF(is_valid AND recommendation IN ('OVER', 'UNDER')) AS bets,
    COUNTIF(is_valid AND recommendation IN ('OVER', 'UNDER') AND prediction_correct) AS wins,
    COUNTIF(is_valid AND recommendation IN ('OVER', 'UNDER') AND NOT prediction_correct) AS losses,
    COUNTIF(is_valid AND graded.prediction_id IS NULL) AS pending,
    AVG(IF(is_valid, absolute_error, NULL)) AS avg_error,
    AVG(IF(is_valid, current_points_line, NULL)) AS avg_line
  FROM predictions
  LEFT JOIN graded
    ON graded.prediction_id = predictions.prediction_id
  GROUP BY month, predictions.system_id
),
-- Tonight's games count from noon Eastern on: the last batch for them starts at 11:30.
played AS (
  SELECT DATE_TRUNC(game_date, MONTH) AS month, COUNT(DISTINCT game_date) AS dates
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context`
  WHERE game_date BETWEEN DATE '2024-10-01' AND CURRENT_DATE('America/New_York')
    AND DATETIME(CURRENT_TIMESTAMP(), 'America/New_York') >= DATETIME_ADD(DATETIME(game_date), INTERVAL 12 HOUR)
  GROUP BY month
)
SELECT
  COALESCE(monthly.month, played.month) AS month,
  monthly.system_id,
  CASE
    WHEN monthly.system_id IS NULL THEN FORMAT('no predictions on %d dates with games', played.dates)
    WHEN monthly.total_predictions = 0 THEN FORMAT('%d predictions, none with a real line', monthly.stored_predictions)
  END AS problem,
  IFNULL(played.dates, 0) AS dates_with_games,
  IFNULL(monthly.dates, 0) AS dates_with_predictions,
  IFNULL(monthly.total_predictions, 0) AS total_predictions,
  IFNULL(monthly.bets, 0) AS bets,
  IFNULL(monthly.wins, 0) AS wins,
  IFNULL(monthly.losses, 0) AS losses,
  IFNULL(monthly.pending, 0) AS pending,
  ROUND(SAFE_DIVIDE(monthly.wins, monthly.wins + monthly.losses), 4) AS win_rate,
  ROUND(monthly.avg_error, 2) AS avg_error,
  ROUND(monthly.avg_line, 2) AS avg_line
FROM monthly
FULL JOIN played
  ON played.month = monthly.month;
