ALTER TABLE api_tokens
    DROP COLUMN last_used_at,
    DROP COLUMN outlets,
    DROP COLUMN name;
DROP TABLE passkeys, people_changes, identities, one_time_links, known_devices, login_failures, sessions, passwords;
