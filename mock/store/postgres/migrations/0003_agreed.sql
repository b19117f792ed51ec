-- Processes that begin together with new settings must not wait for each other.

-- Whether the process has agreed to the settings in force. One of an older version does not say so, and counts as if
-- it had.
ALTER TABLE process ADD COLUMN agreed BOOLEAN NOT NULL DEFAULT true;

-- Goes up whenever settings come into force that no process had before.
ALTER TABLE sandbox ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
