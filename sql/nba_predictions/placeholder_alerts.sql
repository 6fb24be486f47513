-- Placeholder lines of the last 7 days and tomorrow, per date and system: a 20.0 that no sportsbook posted before the
-- write, or a line of no known source. No row is good news only because a date with games and no predictions is a row too.
CREATE OR REPLACE VIEW `nba-props-platform.nba_predictions.placeholder_alerts`
OPTIONS(
  description = 'Placeholder lines per game date and system, 7 days. A date with games and nothing to look at is an alert.'
)
AS
WITH
book AS (
  SELECT game_date, player_lookup, MIN(snapshot_timestamp) AS twenty_shown_at
  FROM `nba-props-platform.nba_raw.odds_api_player_points_props`
  WHERE game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 6 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND points_line = 20.0
  GROUP BY game_date, player_lookup
),
predictions AS (
  SELECT
    prediction_id,
    game_date,
    system_id,
    player_lookup,
    current_points_line,
    line_source,
    line_source IS NULL OR line_source = 'NEEDS_BOOTSTRAP' AS source_missing,
    current_points_line = 20.0 AS is_twenty,
    GREATEST(created_at, COALESCE(updated_at, created_at)) AS written_at
  FROM `nba-props-platform.nba_predictions.player_prop_predictions`
  WHERE game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 6 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND is_active
),
judged AS (
  SELECT
    predictions.*,
    source_missing OR (is_twenty AND NOT COALESCE(book.twenty_shown_at <= written_at, FALSE)) AS is_issue
  FROM predictions
  LEFT JOIN book
    ON book.game_date = predictions.game_date AND book.player_lookup = predictions.player_lookup
  WHERE source_missing OR is_twenty
),
issues AS (
  SELECT
    game_date,
    system_id,
    COUNT(*) AS issue_count,
    COUNTIF(is_twenty) AS placeholders,
    COUNTIF(source_missing) AS missing_source,
    ARRAY_AGG(
      STRUCT(
        prediction_id AS prediction_id,
        player_lookup AS player_lookup,
        current_points_line AS current_points_line,
        line_source AS line_source
      )
      ORDER BY player_lookup, prediction_id
      LIMIT 10
    ) AS sample_issues,
    MIN(written_at) AS first_seen,
    MAX(written_at) AS last_seen
  FROM judged
  WHERE is_issue
  GROUP BY game_date, system_id
),
-- What a book really posted is no issue, but it is said how many rows that cleared.
cleared AS (
  SELECT game_date, system_id, COUNT(*) AS cleared_by_book
  FROM judged
  WHERE NOT is_issue
  GROUP BY game_date, system_id
),
-- Dates with games for which nothing active is stored, once their last batch of 11:30 Eastern should be there.
silent AS (
  SELECT context.game_date, COUNT(DISTINCT context.game_id) AS games
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context` AS context
  WHERE context.game_date BETWEEN DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 6 DAY)
      AND DATE_ADD(CURRENT_DATE('America/New_York'), INTERVAL 1 DAY)
    AND DATETIME(CURRENT_TIMESTAMP(), 'America/New_York') >= DATETIME_ADD(DATETIME(context.game_date), INTERVAL 12 HOUR)
    AND context.game_date NOT IN (SELECT game_date FROM predictions)
  GROUP BY context.game_date
)
SELECT
  COALESCE(issues.game_date, cleared.game_date) AS game_date,
  COALESCE(issues.system_id, cleared.system_id) AS system_id,
  CASE
    WHEN issues.placeholders > 0 AND issues.missing_source > 0
      THEN FORMAT('%d lines of 20.0; %d of no known source', issues.placeholders, issues.missing_source)
    WHEN issues.placeholders > 0 THEN FORMAT('%d lines of 20.0', issues.placeholders)
    WHEN issues.missing_source > 0 THEN FORMAT('%d lines of no known source', issues.missing_source)
  END AS problem,
  IFNULL(issues.issue_count, 0) AS issue_count,
  IFNULL(cleared.cleared_by_book, 0) AS cleared_by_book,
  issues.sample_issues,
  issues.first_seen,
  issues.last_seen
FROM issues
FULL JOIN cleared
  ON cleared.game_date = issues.game_date AND cleared.system_id = issues.system_id
UNION ALL
SELECT
  game_date,
  NULL AS system_id,
  FORMAT('no predictions for %d games: there is nothing to look at', games) AS problem,
  0 AS issue_count,
  0 AS cleared_by_book,
  [] AS sample_issues,
  NULL AS first_seen,
  NULL AS last_seen
FROM silent;
