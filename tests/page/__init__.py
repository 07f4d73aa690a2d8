"""The page of `dezhurny demo` in a real browser."""
