## The words that tell a typed deadline, with spaces between

deadline-day-after = day after tomorrow
deadline-before-hour = at by before
deadline-after-hour = h hour hours am
deadline-evening = pm
deadline-unclear = I could not read the deadline. Write, for example: “27.11 15:00”, “on Friday 15:00” or “tomorrow”.
