"""Takes a whole sentence for a nickname."""

LOSES = ["leaderboard-name"]

# %% [challenge-name]
leaderboard_name = "The one and only network that was ever needed for all the digits of the world"
