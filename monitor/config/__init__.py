"""The two YAML files and the environment, read strictly: what is wrong is told with its line."""
