#!/bin/bash
# Runs once, when the cluster is made: the owner of our database. It may make roles (the migrations
# make the run-time ones), but is no superuser and bypasses nothing.
set -euo pipefail
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat /run/secrets/database_owner_password`
CREATE ROLE getupnet LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE getupnet OWNER getupnet TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
SQL
