"""Files opened one by one, from what a person says at a counter."""
