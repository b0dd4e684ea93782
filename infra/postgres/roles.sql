-- The service's role on a PostgreSQL of one's own. Run once as a superuser, in the new database:
--   createdb ims && psql -d ims -v password="'...'" -f infra/postgres/roles.sql
-- The role owns what it makes, may make councils' schemas, and is no superuser.
CREATE ROLE ims LOGIN PASSWORD :password NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER SCHEMA public OWNER TO ims;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('GRANT CREATE, CONNECT ON DATABASE %I TO ims', current_database()) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
-- An acknowledged posting must survive a crash of the server.
ALTER ROLE ims SET synchronous_commit = on;
ALTER ROLE ims SET statement_timeout = '15min';
