"""When things happen: the clock, the ticker, the plan of a day, and delivery."""
