"""Backups: a consistent pair of database and files, made while the bot runs, and put back whole.

On the shelf (a folder) every backup is a small archive with the database in it; the files, which
never change, lie beside the archives once for all of them (docs/decisions/0008).
"""
