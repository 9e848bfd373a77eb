"""Acts that weigh: a form, then its answers with what follows from them, then the act."""
