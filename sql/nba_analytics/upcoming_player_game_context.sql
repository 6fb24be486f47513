-- Whom a batch is expected to predict. Rewritten at times after the batch, so the roster is read as of the batch start.
CREATE TABLE `nba-props-platform.nba_analytics.upcoming_player_game_context` (
  player_lookup STRING NOT NULL, -- Player key: lower-case letters of the name
  game_id STRING NOT NULL, -- YYYYMMDD_AWY_HOM, or the ten digits of the league
  game_date DATE NOT NULL, -- US Eastern date of the game
  team_abbr STRING,
  avg_minutes_per_game_last_7 NUMERIC(5, 1), -- Minutes a game over the last 7 games; NULL for a player with none
  has_prop_line BOOL, -- TRUE when a sportsbook posted a line for the player
  player_status STRING, -- From the injury report, in any case; OUT and DOUBTFUL are not expected
  is_production_ready BOOL, -- FALSE when the history of the player is too incomplete to predict from
  created_at TIMESTAMP NOT NULL -- When this row was written; the latest row of a player counts
)
PARTITION BY game_date
CLUSTER BY player_lookup
OPTIONS(
  require_partition_filter = TRUE,
  description = 'Upcoming games of each player, several rows when rewritten. Every query needs a predicate on game_date.'
);
