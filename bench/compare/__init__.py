"""mixbern and the programs that a user could pick instead, measured side by side: `./dev bench`."""
