"""partnerleads: a partner programme's events, turned into figures that survive a finance review."""
