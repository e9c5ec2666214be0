-- A line of documents is driven by one process at a time: waking it does not take it from its driver.
ALTER TABLE contingency ADD COLUMN claimed_until timestamptz;
GRANT SELECT (claimed_until), UPDATE (claimed_until) ON contingency TO getupnet_relay;
GRANT UPDATE (claimed_until) ON contingency TO getupnet_app;
