"""What the brief for a conference computes: tables of shares and names, without a word for readers."""
