#!/bin/sh
# Run once by the postgres image, as its superuser, when the data folder is new (docker/compose.yaml):
# the service then connects as a role that is no superuser, as on every other server.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$IMS_DATABASE_PASSWORD" --no-password --quiet \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file "${IMS_ROLES:-/srv/roles.sql}"
