"""Past choices told again, and what another router would have made of them."""
