"""The engine of AI Companion: hears, thinks, speaks with feeling, remembers. No Qt, no device, no screen."""
