"""Files -> tables; nothing dropped."""
