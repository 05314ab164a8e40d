"""The duty desk's page: read-only, served to the machine it runs on."""
