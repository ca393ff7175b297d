"""One module a system: how it is started and reached, when it is ready, and what a lane in it is."""
