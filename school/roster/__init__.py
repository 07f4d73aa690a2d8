"""The school's own data: read from its sheets, checked row by row, never half accepted."""
