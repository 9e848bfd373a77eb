"""Access to files of another territory: asked for, answered, for a while."""
