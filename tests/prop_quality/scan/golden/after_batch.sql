-- 35 checks in one query, sent by prop-quality
WITH
book AS (
  SELECT
    game_date,
    player_lookup,
    points_line AS current_points_line,
    MIN(snapshot_timestamp) AS line_shown_at
  FROM `nba-props-platform.nba_raw.odds_api_player_points_props`
  WHERE game_date BETWEEN @first_date AND @last_date
  GROUP BY game_date, player_lookup, points_line
),
slice AS (
  SELECT
    prediction_id,
    player_lookup,
    IFNULL(system_id, '') AS system_id,
    game_date,
    confidence_score,
    created_at,
    current_points_line,
    deployment_revision,
    game_id,
    has_prop_line,
    invalidation_reason,
    line_margin,
    line_source,
    line_source_api,
    predicted_points,
    recommendation,
    is_active,
    GREATEST(created_at, IFNULL(updated_at, created_at)) AS written_at,
    is_active AND GREATEST(created_at, IFNULL(updated_at, created_at)) >= @since AS fresh,
    is_active AND created_at >= @since AS inserted,
    is_active AND GREATEST(created_at, IFNULL(updated_at, created_at)) BETWEEN @since AND @until AS of_batch,
    IFNULL(line_shown_at <= GREATEST(created_at, IFNULL(updated_at, created_at)), FALSE) AS book_shows_line
  FROM `nba-props-platform.nba_predictions.player_prop_predictions`
  LEFT JOIN book USING (game_date, player_lookup, current_points_line)
  WHERE game_date BETWEEN @first_date AND @last_date
),
facts AS (
  SELECT
    slice.*,
    current_points_line = 20.0 AND book_shows_line AS cleared_by_book,
    COUNT(IF(is_active, current_points_line, NULL))
      OVER (PARTITION BY game_date, system_id, current_points_line) AS same_line_rows,
    SUM(IF(fresh, 1, 0)) OVER (PARTITION BY game_date, system_id, player_lookup) AS pair_rows,
    COUNT(*) OVER (PARTITION BY prediction_id) AS id_rows,
    SUM(IF(is_active, 1, 0))
      OVER (PARTITION BY game_date, game_id, player_lookup, system_id, current_points_line) AS key_rows,
    SUM(IF(is_active
        AND REGEXP_CONTAINS(IFNULL(game_id, ''), r'^(20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])_[A-Z]{3}_[A-Z]{3}|00[1-6][0-9]{7})$'), IF(LENGTH(game_id) > 10, 1, -1), 0))
      OVER (PARTITION BY game_date) AS team_form_surplus,
    IFNULL(confidence_score BETWEEN 0 AND IF(written_at < TIMESTAMP '2026-01-30 03:43:00+00'
      AND system_id NOT IN ("catboost_v8"), 1, 100), FALSE) AS on_scale,
    SUM(IF(REGEXP_CONTAINS(LOWER(invalidation_reason), r'postpon|ppd'), 1, 0))
      OVER (PARTITION BY game_date, game_id) AS postponed_rows,
    IF(of_batch, deployment_revision, NULL) AS batch_revision,
    COUNT(IF(of_batch, deployment_revision, NULL)) OVER (PARTITION BY game_date, deployment_revision) AS revision_rows,
    COUNT(IF(of_batch, deployment_revision, NULL)) OVER (PARTITION BY game_date) AS named_rows
  FROM slice
),
expected_groups AS (
  SELECT IF(era.system_id = '', 'date', 'system') AS scope, day AS game_date, era.system_id
  FROM UNNEST(@game_dates) AS day
  JOIN UNNEST(@eras) AS era ON day >= era.from_date AND day < era.until_date
),
context AS (
  SELECT
    game_date,
    player_lookup,
    avg_minutes_per_game_last_7,
    has_prop_line,
    player_status,
    is_production_ready,
    created_at
  FROM `nba-props-platform.nba_analytics.upcoming_player_game_context`
  WHERE game_date BETWEEN @first_date AND @last_date
),
context_by_date AS (
  SELECT
    'date' AS scope,
    game_date,
    COUNT(*) AS context_rows,
    COUNTIF(created_at <= @roster_as_of) AS context_rows_in_time
  FROM context
  GROUP BY game_date
),
roster AS (
  SELECT game_date, player_lookup
  FROM (
    SELECT
      context.*,
      ROW_NUMBER() OVER (PARTITION BY game_date, player_lookup ORDER BY created_at DESC) AS age
    FROM context
    WHERE created_at <= @roster_as_of
  )
  WHERE age = 1
    AND (avg_minutes_per_game_last_7 >= @min_minutes OR has_prop_line)
    AND IFNULL(UPPER(player_status), '') NOT IN ('OUT', 'DOUBTFUL')
    AND is_production_ready
),
known_lines AS (
  SELECT
    game_date,
    player_lookup,
    MAX(current_points_line) AS line
  FROM book
  GROUP BY game_date, player_lookup
),
stored AS (
  SELECT
    scope,
    game_date,
    IF(scope = 'system', system_id, '') AS system_id,
    player_lookup,
    LOGICAL_OR(fresh) AS fresh,
    TRUE AS found
  FROM facts
  CROSS JOIN UNNEST(['system', 'date']) AS scope
  WHERE is_active
  GROUP BY 1, 2, 3, 4
),
expected AS (
  SELECT expected_groups.*, roster.player_lookup, TRUE AS wanted
  FROM expected_groups
  JOIN roster ON roster.game_date = expected_groups.game_date
),
people AS (
  SELECT
    scope,
    game_date,
    system_id,
    player_lookup,
    line,
    CASE WHEN found IS NULL THEN 'missing' WHEN wanted IS NULL THEN 'unexpected' WHEN fresh THEN 'fresh' ELSE 'stale' END
      AS state
  FROM expected
  FULL JOIN stored USING (scope, game_date, system_id, player_lookup)
  LEFT JOIN known_lines USING (game_date, player_lookup)
),
coverage AS (
  SELECT
    scope,
    game_date,
    system_id,
    COUNTIF(state <> 'unexpected') AS expected_players,
    COUNTIF(state IN ('fresh', 'stale')) AS stored_players,
    COUNTIF(state = 'fresh') AS fresh_players,
    COUNTIF(state = 'unexpected') AS unexpected_players,
    ARRAY_AGG(
      IF(state <> 'fresh' AND rank <= 50, CONCAT(state, ' ', CAST(rank AS STRING), ' ', player_lookup), NULL)
      IGNORE NULLS
    ) AS names
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        PARTITION BY scope, game_date, system_id, state ORDER BY IFNULL(line, 0) DESC, player_lookup
      ) AS rank
    FROM people
  )
  GROUP BY scope, game_date, system_id
),
measured AS (
  SELECT
    scope,
    game_date,
    IF(scope = 'system', system_id, '') AS system_id,
    COUNT(*) AS all_rows,
    COUNTIF(is_active) AS all_active_rows,
    MAX(written_at) AS last_written_at,
    COUNTIF(id_rows > 1) AS prediction_id_unique__failing,
    COUNTIF(line_source = 'ACTUAL_PROP') AS rows_active__real,
    COUNTIF(NOT is_active AND line_source = 'ACTUAL_PROP') AS rows_active__inactive,
    COUNTIF(TRIM(invalidation_reason) <> '') AS games_not_postponed__told
  FROM facts
  CROSS JOIN UNNEST(['system', 'date']) AS scope
  GROUP BY 1, 2, 3
),
measured_active AS (
  SELECT
    scope,
    game_date,
    IF(scope = 'system', system_id, '') AS system_id,
    COUNT(*) AS active_rows,
    COUNTIF(inserted) AS inserted_rows,
    COUNTIF(fresh AND NOT inserted) AS updated_rows,
    COUNTIF(NOT fresh) AS stale_rows,
    COUNTIF(current_points_line = 20.0 AND NOT book_shows_line) AS line_not_placeholder__failing,
    COUNTIF(cleared_by_book) AS line_not_placeholder__shown,
    STRING_AGG(IF(cleared_by_book, player_lookup, NULL), ', '
      ORDER BY IF(cleared_by_book, 0, 1), player_lookup LIMIT 20) AS line_not_placeholder__shown_players,
    COUNTIF((line_source IN ("ACTUAL_PROP", "VEGAS_BACKFILL", "NO_VEGAS_DATA")
      OR line_source = "ESTIMATED_AVG" AND game_date <= DATE '2026-01-22'
      OR line_source = "NO_PROP_LINE" AND game_date >= DATE '2026-01-23') IS NOT TRUE) AS line_source_known__failing,
    MAX(same_line_rows) AS line_not_constant__most,
    COUNTIF(written_at > TIMESTAMP_ADD(@now, INTERVAL 5 MINUTE)) AS created_at_not_future__failing,
    COUNTIF(DATE(created_at, 'America/New_York') > game_date) AS created_near_game__failing,
    COUNTIF(of_batch) AS claim_not_exceeded__rows,
    MAX(pair_rows) AS claim_not_exceeded__most,
    COUNTIF(key_rows > 1) AS business_key_unique__failing,
    COUNTIF(NOT REGEXP_CONTAINS(IFNULL(prediction_id, ''), r'^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$')) AS prediction_id_is_uuid__failing,
    COUNTIF(NOT REGEXP_CONTAINS(IFNULL(game_id, ''), r'^(20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])_[A-Z]{3}_[A-Z]{3}|00[1-6][0-9]{7})$')
      OR (LENGTH(game_id) > 10) = (team_form_surplus < 0)) AS game_id_form__failing,
    COUNTIF(line_source = 'ACTUAL_PROP' AND (line_source_api = 'ESTIMATED' OR has_prop_line IS NOT TRUE)
      OR line_source = 'ESTIMATED_AVG' AND line_source_api IN ('ODDS_API', 'BETTINGPROS')
      OR line_source = 'NO_PROP_LINE'
        AND (line_source_api IN ('ODDS_API', 'BETTINGPROS')
          OR has_prop_line
          OR current_points_line IS NOT NULL)
      OR has_prop_line AND current_points_line IS NULL) AS line_flag_agrees__failing,
    COUNTIF(NOT IFNULL(ROUND(ABS(line_margin - (predicted_points - current_points_line)), 6) <= 0.05, current_points_line IS NULL
      AND line_margin IS NULL)) AS margin_agrees__failing,
    COUNTIF(CASE recommendation
      WHEN 'OVER' THEN IFNULL(predicted_points < current_points_line
        OR IS_NAN(predicted_points)
        OR IS_NAN(current_points_line), TRUE)
      WHEN 'UNDER' THEN IFNULL(predicted_points > current_points_line
        OR IS_NAN(predicted_points)
        OR IS_NAN(current_points_line), TRUE)
      WHEN 'NO_LINE' THEN current_points_line IS NOT NULL
      WHEN 'PASS' THEN current_points_line IS NULL
      ELSE TRUE END) AS direction_agrees__failing,
    COUNTIF(current_points_line IS NOT NULL
      AND NOT (current_points_line BETWEEN 5.0 AND 50.0
        AND ABS(current_points_line * 2.0 - FLOOR(current_points_line * 2.0 + 0.5)) < 0.000001)) AS line_plausible__failing,
    COUNTIF(NOT IFNULL(predicted_points BETWEEN 0.0 AND 60.0, FALSE)) AS points_plausible__failing,
    COUNTIF(predicted_points = 60.0) AS points_not_clamped__clamped,
    COUNTIF(NOT on_scale) AS confidence_scale__outside,
    COUNTIF(confidence_score > 0 AND confidence_score < 1) AS confidence_scale__part,
    COUNTIF(confidence_score > 1 AND on_scale) AS confidence_scale__percent,
    COUNTIF(created_at >= TIMESTAMP '2026-01-30 03:43:00+00') AS confidence_scale__new,
    COUNTIF(created_at >= TIMESTAMP '2026-01-30 03:43:00+00'
      AND confidence_score > 0
      AND confidence_score < 1) AS confidence_scale__new_part,
    COUNTIF(confidence_score IN (0.5, 50.0)) AS confidence_varies__stuck,
    COUNTIF(NOT IFNULL(ROUND(ABS(predicted_points - current_points_line), 6) <= 20.0, current_points_line IS NULL)) AS edge_plausible__failing,
    COUNTIF(recommendation = 'OVER') AS direction_balanced__over,
    COUNTIF(recommendation = 'UNDER') AS direction_balanced__under,
    COUNT(predicted_points - current_points_line) AS mean_margin_small__lined,
    SUM(predicted_points - current_points_line) AS mean_margin_small__margins,
    COUNTIF(current_points_line IS NULL OR recommendation = 'NO_LINE') AS lines_available__no_line,
    COUNTIF((current_points_line IS NULL OR recommendation = 'NO_LINE')
      AND IFNULL(line_source, '') <> 'NO_PROP_LINE') AS lines_available__unsaid,
    COUNTIF(postponed_rows > 0 AND TRIM(IFNULL(invalidation_reason, '')) = '') AS games_not_postponed__failing,
    COUNT(DISTINCT IF(fresh, player_lookup, NULL)) AS claim_stored__players,
    COUNTIF(of_batch) AS revision_single__written,
    COUNT(DISTINCT batch_revision) AS revision_single__revisions,
    COUNT(batch_revision) AS revision_single__rows,
    MIN(batch_revision) AS revision_single__first,
    MAX(batch_revision) AS revision_single__last,
    COUNTIF(batch_revision IS NOT NULL AND 2 * revision_rows <= named_rows) AS revision_single__odd
  FROM facts
  CROSS JOIN UNNEST(['system', 'date']) AS scope
  WHERE is_active
  GROUP BY 1, 2, 3
)
SELECT *
FROM expected_groups
FULL JOIN measured USING (scope, game_date, system_id)
LEFT JOIN measured_active USING (scope, game_date, system_id)
LEFT JOIN coverage USING (scope, game_date, system_id)
LEFT JOIN context_by_date USING (scope, game_date)
