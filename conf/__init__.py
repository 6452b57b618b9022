"""Settings, errors and the discovery of plug-ins: what every other package may rely on."""
