"""Two files shown side by side before they become one."""
