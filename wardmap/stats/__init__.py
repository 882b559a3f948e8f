"""Arithmetic on arrays: one definition of each statistic, with unit and source; no tables, no sentences."""
