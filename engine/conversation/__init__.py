"""The heart of the engine: pure logic. Nothing here awaits, opens, or reads a clock; time is an argument."""
