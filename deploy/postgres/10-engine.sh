#!/bin/sh
# Runs once, when the database is created: the engine gets a user and a database of its own and sees nothing else.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$ENGINE_POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE engine LOGIN PASSWORD :'password';
CREATE DATABASE engine OWNER engine;
REVOKE CONNECT ON DATABASE ramah FROM PUBLIC;
SQL
