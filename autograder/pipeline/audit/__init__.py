"""Which hidden check catches which mistake."""
