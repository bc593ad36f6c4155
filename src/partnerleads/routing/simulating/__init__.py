"""Routers tried on a made-up channel of leads and recipients."""
