"""The edge: settings, command line, messengers, ingress, worker, and the composition root."""
