"""Sound card: which devices there are, what is played and when it is heard, and the microphone."""
