DROP INDEX reset_grants_used;
