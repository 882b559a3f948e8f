"""Clusters that come, stay and go."""
