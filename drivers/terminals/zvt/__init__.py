"""ZVT, the German language area's protocol between till and card terminal, over TCP."""
