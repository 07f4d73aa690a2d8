"""A school to play with, and the script that invents it."""
