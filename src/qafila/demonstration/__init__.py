"""What a demonstration adds to the rooms: its cast of accounts, and payments to book."""
