-- What housekeeping looks for; without it every look reads all grants.
CREATE INDEX reset_grants_used ON reset_grants (id) WHERE spent_at IS NOT NULL OR voided_at IS NOT NULL;
