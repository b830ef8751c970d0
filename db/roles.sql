-- Two roles. imprimatur_owner owns the schema and migrates. imprimatur_app is what the server connects as: it owns
-- nothing, and in audit it may only look and add. Idempotent: run it once before the first migration, as a role that may
-- create roles, and again after each migration, as the owner.
-- The roles are made without a password and without LOGIN; give them what your installation uses:
--   ALTER ROLE imprimatur_app LOGIN PASSWORD '…';

DO $$
DECLARE
    wanted text;
    granted record;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['imprimatur_owner', 'imprimatur_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;

    FOR granted IN
        SELECT format('public.%I', t) AS name, privileges
        FROM (VALUES
            ('content', 'SELECT, INSERT (id, outlets, due_at, due_local, due_zone, author), UPDATE (state, revision, outlets, due_at, due_local, due_zone, submitter, updated_at)'),
            ('approvals', 'SELECT, INSERT (id, content_id, revision, decision, approver, rendition_sha256s, not_before, not_after, comment), UPDATE (withdrawn_at, withdrawn_by)'),
            ('publications', 'SELECT, INSERT (id, content_id, revision, outlet, rendition_sha256, state, held_reason, due_at, due_local, due_zone, scheduled_by), UPDATE (state, held_reason, due_at, due_local, due_zone, external_id, url, published_at, updated_at, fence, lease_until, retry_at)'),
            ('metrics', 'SELECT, INSERT'),
            ('linkedin_tokens', 'SELECT, INSERT, UPDATE, DELETE'),
            ('outlet_feature_flags', 'SELECT, INSERT, UPDATE'),
            ('audit', 'SELECT, INSERT (actor, token, action, subject_kind, subject_id, details)'),
            ('people', 'SELECT, INSERT, UPDATE (name, roles, manages_people, disabled_at)'),
            ('api_tokens', 'SELECT, INSERT, UPDATE (expires_at, revoked_at)'),
            ('passwords', 'SELECT, INSERT, UPDATE (phc, changed_at), DELETE'),
            ('sessions', 'SELECT, INSERT, UPDATE (attributes, last_seen_at, revoked_at), DELETE'),
            ('login_failures', 'SELECT, INSERT, UPDATE, DELETE'),
            ('known_devices', 'SELECT, INSERT, UPDATE (last_seen_at), DELETE'),
            ('one_time_links', 'SELECT, INSERT (sha256, person, created_by, expires_at), UPDATE (used_at)'),
            ('identities', 'SELECT, INSERT (id, issuer, subject, hint), UPDATE (hint, person, linked_at)'),
            ('people_changes', 'SELECT, INSERT (id, person, change, details, proposed_by), UPDATE (confirmed_by, confirmed_at)'),
            ('passkeys', 'SELECT, INSERT, UPDATE (signature_count, user_verified, backed_up, label, last_used_at), DELETE'),
            ('revisions', 'SELECT, INSERT (content_id, number, canonical, editor)'),
            ('renditions', 'SELECT, INSERT (content_id, revision, outlet, payload)'),
            ('submissions', 'SELECT, INSERT (content_id, revision, submitter)'),
            ('comments', 'SELECT, INSERT'),
            ('attempts', 'SELECT, INSERT (publication_id, fence, claimed_by), UPDATE (wire_at, finished_at, outcome, detail)'),
            ('global_stop', 'SELECT, UPDATE (stopped, reason, changed_by, changed_at)'),
            ('installation', 'SELECT, INSERT'),
            ('feed_entries', 'SELECT, INSERT, UPDATE (key, revision, payload, updated_at)'),
            ('idempotency_keys', 'SELECT, INSERT, UPDATE, DELETE')
        ) AS wish (t, privileges)
        WHERE to_regclass(format('public.%I', t)) IS NOT NULL
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM imprimatur_app', granted.name);
        EXECUTE format('GRANT %s ON %s TO imprimatur_app', granted.privileges, granted.name);
    END LOOP;

    IF EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('public.api_tokens') AND attname = 'last_used_at' AND NOT attisdropped)
    THEN
        GRANT UPDATE (last_used_at) ON public.api_tokens TO imprimatur_app;
    END IF;

    -- The server reads the history to tell whether the schema is the one it was built for.
    IF to_regclass('migrate.history') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA migrate TO imprimatur_app;
        GRANT SELECT ON migrate.history TO imprimatur_app;
    END IF;

    -- It records at its start that it was deployed; when and by whom is not its to say.
    IF to_regclass('migrate.deploys') IS NOT NULL THEN
        REVOKE ALL ON migrate.deploys FROM imprimatur_app;
        GRANT SELECT, INSERT (version, newest, newest_applied_at) ON migrate.deploys TO imprimatur_app;
    END IF;

    -- And how often each statement was sent until then, for a contract to tell whether old code still sends any.
    IF to_regclass('migrate.sightings') IS NOT NULL THEN
        REVOKE ALL ON migrate.sightings FROM imprimatur_app;
        GRANT INSERT (version, calls) ON migrate.sightings TO imprimatur_app;
    END IF;
END $$;
