-- How predictions did, graded after the game. A prediction with no row here is pending; one that was graded again has
-- several rows, of which the latest counts.
CREATE TABLE `nba-props-platform.nba_predictions.prediction_accuracy` (
  prediction_id STRING NOT NULL, -- That of player_prop_predictions
  system_id STRING NOT NULL, -- Prediction system, e.g. catboost_v8
  player_lookup STRING NOT NULL, -- Player key: lower-case letters of the name
  game_id STRING NOT NULL, -- YYYYMMDD_AWY_HOM, or the ten digits of the league
  game_date DATE NOT NULL, -- US Eastern date of the game
  line_value NUMERIC(4, 1), -- The line that the prediction was graded against
  recommendation STRING, -- As predicted: OVER, UNDER, PASS, NO_LINE
  predicted_points NUMERIC(5, 1),
  actual_points INT64, -- NULL when the player did not play
  absolute_error NUMERIC(5, 1), -- |predicted_points - actual_points|
  prediction_correct BOOL, -- NULL without a recommended side, when the line was hit exactly, or when the player did not play
  graded_at TIMESTAMP NOT NULL
)
PARTITION BY game_date
CLUSTER BY system_id, player_lookup
OPTIONS(
  require_partition_filter = TRUE,
  description = 'Graded predictions. Every query needs a predicate on game_date.'
);
