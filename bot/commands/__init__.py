"""The command line, a module a command; none of them imports a messenger's library."""
