"""The demonstration: a sandbox, the sample school and the bot, run as they would be for real."""
