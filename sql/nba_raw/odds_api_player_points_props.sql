-- The points lines that sportsbooks really posted: the only evidence, besides a waiver, that a 20.0 line is real.
CREATE TABLE `nba-props-platform.nba_raw.odds_api_player_points_props` (
  game_date DATE NOT NULL, -- US Eastern date of the game
  player_lookup STRING NOT NULL, -- Player key: lower-case letters of the name
  bookmaker STRING, -- Sportsbook, e.g. draftkings
  points_line NUMERIC(4, 1), -- Points, in steps of 0.5
  snapshot_timestamp TIMESTAMP -- When the line was seen; a line moves, so a player has many
)
PARTITION BY game_date
CLUSTER BY player_lookup
OPTIONS(
  require_partition_filter = TRUE,
  description = 'Snapshots of posted points lines. Every query needs a predicate on game_date.'
);
