"""What `make check` finds in the skills' YAML: each finding names file and line (docs/designers.md)."""
