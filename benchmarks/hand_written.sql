-- One batch, asked by hand: what the checks ask and what the verdict reports, in one statement of one author for one
-- date. Each column is named after its check and counts what fails; a row is about one system, and repeats what is about
-- the date.
-- A missing column makes the statement itself fail, which answers required_columns_present; revision_expected,
-- revision_single and games_not_postponed need columns that the table of January 2026 does not have.
WITH
book AS (
  SELECT player_lookup, MAX(points_line) AS line, MIN(IF(points_line = 20, snapshot_timestamp, NULL)) AS twenty_at
  FROM `nba-props-platform.nba_raw.odds_api_player_points_props`
  WHERE game_date = @game_date
  GROUP BY player_lookup
),
r AS (
  SELECT
    p.game_date, p.system_id, p.player_lookup, p.game_id, p.prediction_id, p.is_active, p.recommendation,
    p.line_source, p.line_source_api, p.has_prop_line, p.line_margin, p.created_at, p.confidence_score AS confidence,
    p.current_points_line AS line, p.predicted_points AS points, p.predicted_points - p.current_points_line AS edge,
    GREATEST(p.created_at, IFNULL(p.updated_at, p.created_at)) AS written_at,
    GREATEST(p.created_at, IFNULL(p.updated_at, p.created_at)) >= @started_at AS fresh,
    IFNULL(b.twenty_at <= GREATEST(p.created_at, IFNULL(p.updated_at, p.created_at)), FALSE) AS real_twenty,
    COUNT(*) OVER (PARTITION BY p.prediction_id) AS same_id,
    COUNT(*) OVER (PARTITION BY p.is_active, p.game_id, p.player_lookup, p.system_id, p.current_points_line) AS same_key,
    COUNT(*) OVER (PARTITION BY p.is_active, p.system_id, p.current_points_line) AS same_line,
    COUNT(*) OVER (PARTITION BY p.is_active, p.system_id, p.player_lookup) AS same_pair
  FROM `nba-props-platform.nba_predictions.player_prop_predictions` AS p
  LEFT JOIN book AS b ON b.player_lookup = p.player_lookup
  WHERE p.game_date = @game_date
),
a AS (SELECT * FROM r WHERE is_active),
by_system AS (
  SELECT
    system_id,
    COUNT(*) AS active_rows,
    COUNTIF(created_at >= @started_at) AS inserted_rows,
    COUNTIF(fresh AND created_at < @started_at) AS updated_rows,
    COUNTIF(NOT fresh) AS stale_rows,
    COUNTIF(line = 20 AND real_twenty) AS cleared_by_book,
    COUNTIF(line = 20 AND NOT real_twenty) AS line_not_placeholder,
    COUNTIF(line_source IS NULL OR NOT (
      line_source IN ('ACTUAL_PROP', 'VEGAS_BACKFILL', 'NO_VEGAS_DATA')
      OR line_source = 'ESTIMATED_AVG' AND game_date <= DATE '2026-01-22'
      OR line_source = 'NO_PROP_LINE' AND game_date >= DATE '2026-01-23'
    )) AS line_source_known,
    IF(COUNT(*) >= 10 AND MAX(IF(line IS NULL, 0, same_line)) > 0.5 * COUNT(*), 1, 0) AS line_not_constant,
    COUNTIF(written_at > TIMESTAMP_ADD(@now, INTERVAL 5 MINUTE)) AS created_at_not_future,
    COUNTIF(@live AND DATE(created_at, 'America/New_York') > game_date) AS created_near_game,
    COUNTIF(fresh AND same_pair > @max_rows_per_pair) AS claim_not_exceeded,
    COUNTIF(same_key > 1) AS business_key_unique,
    COUNTIF(NOT REGEXP_CONTAINS(prediction_id, r'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')) AS prediction_id_is_uuid,
    COUNTIF(
      line_source = 'ACTUAL_PROP' AND (line_source_api = 'ESTIMATED' OR has_prop_line IS NOT TRUE)
      OR line_source IN ('ESTIMATED_AVG', 'NO_PROP_LINE') AND line_source_api IN ('ODDS_API', 'BETTINGPROS')
      OR line_source = 'NO_PROP_LINE' AND (has_prop_line IS TRUE OR line IS NOT NULL)
      OR has_prop_line AND line IS NULL
    ) AS line_flag_agrees,
    COUNTIF((line IS NULL) <> (line_margin IS NULL) OR ABS(line_margin - edge) > 0.05) AS margin_agrees,
    COUNTIF(CASE recommendation
      WHEN 'OVER' THEN line IS NULL OR edge < 0
      WHEN 'UNDER' THEN line IS NULL OR edge > 0
      WHEN 'NO_LINE' THEN line IS NOT NULL
      WHEN 'PASS' THEN line IS NULL
      ELSE TRUE
    END) AS direction_agrees,
    COUNTIF(line < 5 OR line > 50 OR MOD(CAST(line * 10 AS INT64), 5) <> 0) AS line_plausible,
    COUNTIF(points < 0 OR points > 60) AS points_plausible,
    IF(COUNTIF(points = 60) > 0.1 * COUNT(*), 1, 0) AS points_not_clamped,
    COUNTIF(confidence < 0 OR confidence > IF(written_at < TIMESTAMP '2026-01-30 03:43:00+00', 1, 100))
      + IF(COUNTIF(confidence > 1) BETWEEN 1 AND COUNT(*) - 1, 1, 0) AS confidence_scale,
    IF(COUNT(*) >= 10 AND MIN(confidence) = MAX(confidence) AND MIN(confidence) IN (0.5, 50), 1, 0) AS confidence_varies,
    COUNTIF(ABS(edge) > 20) AS edge_plausible,
    IF(
      COUNTIF(recommendation IN ('OVER', 'UNDER')) >= 10
      AND NOT 100 * COUNTIF(recommendation = 'OVER') / COUNTIF(recommendation IN ('OVER', 'UNDER')) BETWEEN 15 AND 85,
      1, 0
    ) AS direction_balanced,
    IF(COUNT(edge) >= 10 AND ABS(AVG(edge)) > 2, 1, 0) AS mean_margin_small
  FROM a
  GROUP BY system_id
),
by_date AS (
  SELECT
    COUNT(*) AS all_rows,
    COUNTIF(is_active) AS active_rows,
    IF(IFNULL(MAX(written_at) < @started_at, TRUE), COUNT(*), 0) AS latest_write_recent,
    GREATEST(0, @completed - COUNT(DISTINCT IF(is_active AND fresh, player_lookup, NULL))) AS claim_stored,
    GREATEST(0, COUNTIF(is_active AND fresh AND written_at <= @until) - @generated) AS claim_not_exceeded,
    IF(@completed <> @expected OR @completed <> @recorded OR @failed > 0 OR @status <> 'success', 1, 0) AS claim_consistent,
    COUNTIF(same_id > 1) AS prediction_id_unique,
    COUNTIF(is_active AND NOT REGEXP_CONTAINS(game_id, r'^([0-9]{8}_[A-Z]{3}_[A-Z]{3}|00225[0-9]{5})$'))
      + IF(COUNTIF(is_active AND game_id LIKE '%\\_%') BETWEEN 1 AND COUNTIF(is_active) - 1, 1, 0) AS game_id_form,
    COUNTIF(is_active AND (line IS NULL OR recommendation = 'NO_LINE')) / GREATEST(1, COUNTIF(is_active)) AS lines_available,
    COUNTIF(NOT is_active AND line_source = 'ACTUAL_PROP') / GREATEST(1, COUNTIF(line_source = 'ACTUAL_PROP')) AS rows_active
  FROM r
),
context AS (
  SELECT player_lookup, avg_minutes_per_game_last_7, has_prop_line, player_status, is_production_ready, created_at
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context`
  WHERE game_date = @game_date
),
roster AS (
  SELECT player_lookup
  FROM (
    SELECT context.*, ROW_NUMBER() OVER (PARTITION BY player_lookup ORDER BY created_at DESC) AS age
    FROM context
    WHERE created_at <= @started_at
  )
  WHERE age = 1
    AND (avg_minutes_per_game_last_7 >= @min_minutes OR has_prop_line)
    AND IFNULL(UPPER(player_status), '') NOT IN ('OUT', 'DOUBTFUL')
    AND is_production_ready
),
pairs AS (
  SELECT
    s AS system_id, roster.player_lookup, book.line,
    CASE WHEN a.player_lookup IS NULL THEN 'missing' WHEN a.fresh THEN 'fresh' ELSE 'stale' END AS state
  FROM roster
  CROSS JOIN UNNEST(@expected_systems) AS s
  LEFT JOIN (SELECT system_id, player_lookup, LOGICAL_OR(fresh) AS fresh FROM a GROUP BY system_id, player_lookup) AS a
    ON a.system_id = s AND a.player_lookup = roster.player_lookup
  LEFT JOIN book ON book.player_lookup = roster.player_lookup
),
by_pair AS (
  SELECT
    system_id,
    COUNT(*) AS expected_players,
    COUNTIF(state = 'missing') AS pairs_covered,
    COUNTIF(state <> 'fresh') AS rows_fresh,
    ARRAY_AGG(IF(state = 'missing' AND place <= 50, player_lookup, NULL) IGNORE NULLS) AS missing,
    ARRAY_AGG(IF(state = 'stale' AND place <= 50, player_lookup, NULL) IGNORE NULLS) AS stale
  FROM (
    SELECT pairs.*, ROW_NUMBER() OVER (PARTITION BY system_id, state ORDER BY line DESC, player_lookup) AS place
    FROM pairs
  )
  GROUP BY system_id
),
by_player AS (
  SELECT
    COUNTIF(a.player_lookup IS NULL) AS players_covered,
    COUNTIF(roster.player_lookup IS NULL) AS players_expected,
    ARRAY_AGG(IF(a.player_lookup IS NULL, roster.player_lookup, NULL) IGNORE NULLS) AS missing_players,
    ARRAY_AGG(IF(roster.player_lookup IS NULL, a.player_lookup, NULL) IGNORE NULLS) AS unexpected_players
  FROM roster
  FULL JOIN (SELECT DISTINCT player_lookup FROM a) AS a ON a.player_lookup = roster.player_lookup
),
by_context AS (
  SELECT COUNT(*) AS context_rows, COUNTIF(created_at <= @started_at) AS context_rows_in_time FROM context
)
SELECT
  IFNULL(by_system.system_id, by_pair.system_id) AS system_id,
  IF(by_system.system_id IS NULL, 1, 0) AS systems_present,
  IF(by_pair.system_id IS NULL, 1, 0) AS systems_known,
  by_system.* EXCEPT (system_id),
  by_pair.* EXCEPT (system_id),
  by_date.* EXCEPT (active_rows, claim_not_exceeded),
  by_date.claim_not_exceeded AS claim_not_exceeded_by_date,
  by_player.*,
  by_context.*
FROM by_system
FULL JOIN by_pair ON by_pair.system_id = by_system.system_id
CROSS JOIN by_date
CROSS JOIN by_player
CROSS JOIN by_context
