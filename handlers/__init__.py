"""The conversation: one module a topic, written once for every messenger."""
