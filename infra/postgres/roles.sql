-- The service's role, with no more rights than it needs. Run once, in the service's own new
-- database, by a superuser or by the first user of a managed server:
--   createdb ims && psql -d ims -v ON_ERROR_STOP=1 -v password="$PASSWORD" -f infra/postgres/roles.sql
-- Nothing stays half done: it is one transaction.
BEGIN;
CREATE ROLE ims LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
-- Who is no superuser can give a schema away only to a role it belongs to.
GRANT ims TO CURRENT_USER;
ALTER SCHEMA public OWNER TO ims;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- CREATE is for the councils' schemas and for the trusted extensions; a role of somebody else's
-- cannot even connect.
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO ims', current_database()) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
-- A posting that was acknowledged must survive a crash of the server.
ALTER ROLE ims SET synchronous_commit = on;
ALTER ROLE ims SET statement_timeout = '15min';
COMMIT;
