"""Trains and measures the shipped classifier; `detector` never imports it."""
