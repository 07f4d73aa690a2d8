"""Every word a person reads: Fluent files, one a handler module, in `ru` and `en`."""
