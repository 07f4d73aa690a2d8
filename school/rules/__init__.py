"""What the regulation says, as pure functions: no input or output, no clock, no text for people."""
