"""A strict Telegram, VK and mail server on loopback, for tests, the demo and rehearsals."""
