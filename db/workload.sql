-- What publishing asks the database: every query of every store, as Jdbi sends it, with $1 for its first
-- parameter. `migrate rehearse --workload db/workload.sql` plans each before and after a migration, and runs
-- those that write. Recorded by WorkloadFileTest, which fails when this file is not what the stores send:
--   ./mvnw -pl publishing -am test -Dtest=WorkloadFileTest -Dsurefire.failIfNoSpecifiedTests=false -Dimprimatur.renew=true
-- Not in it: what Bootstrap sends to make roles and the database, and what other modules ask.

-- access.ApiTokens.create
WITH created AS (
    INSERT INTO api_tokens (id, owner, kind, sha256, name, outlets, expires_at)
    VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6, $7)
    RETURNING *),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $8, $9, 'token.created', 'token', id::text,
           jsonb_build_object('owner', owner, 'kind', kind, 'outlets', to_jsonb(outlets), 'expires_at', expires_at)
    FROM created)
SELECT created.*, p.name AS owner_name FROM created JOIN people p ON p.id = created.owner;

-- access.ApiTokens.ends
SELECT expires_at FROM api_tokens WHERE id = $1;

-- access.ApiTokens.of
SELECT t.*, p.name AS owner_name FROM api_tokens t JOIN people p ON p.id = t.owner
WHERE t.owner = $1 ORDER BY t.created_at DESC, t.id;

-- access.ApiTokens.owner
SELECT owner FROM api_tokens
WHERE id = $1
  AND (CAST($2 AS text[]) IS NULL OR outlets <@ CAST($2 AS text[]));

-- access.ApiTokens.read
WITH used AS (
    UPDATE api_tokens SET last_used_at = now()
    WHERE sha256 = decode($1, 'hex') AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > now())
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))
SELECT t.id AS token, t.kind, t.outlets, p.id, p.name, p.roles, p.manages_people
FROM api_tokens t JOIN people p ON p.id = t.owner
WHERE t.sha256 = decode($1, 'hex') AND t.revoked_at IS NULL
  AND (t.expires_at IS NULL OR t.expires_at > now()) AND p.disabled_at IS NULL;

-- access.ApiTokens.revoke
WITH ended AS (
    SELECT id, revoked_at FROM api_tokens WHERE id = $1 FOR UPDATE),
revoked AS (
    UPDATE api_tokens t SET revoked_at = now() FROM ended
    WHERE t.id = ended.id AND ended.revoked_at IS NULL RETURNING t.id),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id)
    SELECT $2, $3, 'token.revoked', 'token', id::text FROM revoked)
SELECT true FROM ended;

-- access.Identities.confirm
WITH confirmed AS (
    UPDATE people_changes c SET confirmed_by = $1, confirmed_at = now()
    FROM identities i
    WHERE c.id = $2 AND c.confirmed_at IS NULL AND c.change = 'link_identity'
      AND i.id = CAST(c.details ->> 'identity' AS uuid) AND i.person IS NULL
    RETURNING c.person, i.id AS identity),
linked AS (
    UPDATE identities i SET person = confirmed.person, linked_at = now() FROM confirmed
    WHERE i.id = confirmed.identity RETURNING i.id, i.person)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $1, $3, 'identity.linked', 'person', person::text, jsonb_build_object('identity', id)
FROM linked;

-- access.Identities.find
WITH met AS (
    INSERT INTO identities (id, issuer, subject, hint) VALUES ($1, $2, $3, $4)
    ON CONFLICT (issuer, subject) DO NOTHING)
SELECT p.id, p.name, p.roles, p.manages_people
FROM identities i JOIN people p ON p.id = i.person
WHERE i.issuer = $2 AND i.subject = $3 AND p.disabled_at IS NULL;

-- access.Identities.link
WITH met AS (
    INSERT INTO identities (id, issuer, subject) VALUES ($1, $2, $3)
    ON CONFLICT (issuer, subject) DO NOTHING)
INSERT INTO audit (action, subject_kind, subject_id, details)
SELECT 'identity.linked', 'person', CAST($4 AS text),
       jsonb_build_object('issuer', $2, 'subject', $3)
WHERE NOT EXISTS (
    SELECT FROM identities
    WHERE issuer = $2 AND subject = $3 AND person <> CAST($4 AS uuid));

-- access.Identities.link
UPDATE identities SET person = $1, linked_at = coalesce(linked_at, now())
WHERE issuer = $2 AND subject = $3 AND (person IS NULL OR person = $1);

-- access.Identities.proposals
SELECT c.id AS change, c.person, p.name AS person_name, c.proposed_by, b.name AS proposed_by_name,
       c.proposed_at, i.id, i.issuer, i.subject, i.hint, i.first_seen_at
FROM people_changes c
JOIN people p ON p.id = c.person
JOIN people b ON b.id = c.proposed_by
JOIN identities i ON i.id = CAST(c.details ->> 'identity' AS uuid) AND i.person IS NULL
WHERE c.confirmed_at IS NULL AND c.change = 'link_identity'
ORDER BY c.proposed_at, c.id LIMIT 100;

-- access.Identities.propose
WITH proposed AS (
    INSERT INTO people_changes (id, person, change, details, proposed_by)
    SELECT $1, p.id, 'link_identity', jsonb_build_object('identity', i.id), $2
    FROM people p, identities i
    WHERE p.id = $3 AND p.disabled_at IS NULL AND i.id = $4 AND i.person IS NULL
    RETURNING id, person, details)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $2, $5, 'identity.proposed', 'person', person::text, details FROM proposed;

-- access.Identities.unlinked
SELECT id, issuer, subject, hint, first_seen_at FROM identities
WHERE person IS NULL ORDER BY first_seen_at DESC, id LIMIT 100;

-- access.LoginThrottle.count
WITH asked AS (
    SELECT counted, decode(hex, 'hex') AS sha256, free
    FROM unnest(CAST($1 AS text[]), CAST($2 AS text[]), CAST($3 AS integer[]))
        AS a (counted, hex, free)),
forgotten AS (
    DELETE FROM login_failures WHERE (counted, sha256) IN (
        SELECT counted, sha256 FROM login_failures
        WHERE last_at < now() - interval '2 days' LIMIT 100)),
blocked AS (
    SELECT max(f.blocked_until) AS until
    FROM login_failures f JOIN asked USING (counted, sha256)
    WHERE f.blocked_until > clock_timestamp()),
counted AS (
    INSERT INTO login_failures AS f (counted, sha256, failures, last_at, blocked_until)
    SELECT counted, sha256, 1, clock_timestamp(), clock_timestamp() FROM asked
    WHERE (SELECT until FROM blocked) IS NULL
    ORDER BY counted
    ON CONFLICT (counted, sha256) DO UPDATE SET
        failures = CASE WHEN f.last_at < now() - interval '1 day' THEN 1 ELSE f.failures + 1 END,
        last_at = clock_timestamp(),
        blocked_until = clock_timestamp() + CASE
            WHEN f.last_at < now() - interval '1 day' THEN interval '0'
            ELSE make_interval(secs => least(900, floor(2 ^ least(20,
                f.failures - (SELECT free FROM asked WHERE asked.counted = f.counted))))) END
    WHERE f.blocked_until <= clock_timestamp()
    RETURNING 1)
SELECT CASE WHEN count(*) < cardinality(CAST($1 AS text[]))
    THEN coalesce(extract(epoch FROM (SELECT until FROM blocked) - clock_timestamp()), 1) END
FROM counted;

-- access.LoginThrottle.isKnown
SELECT EXISTS (
    SELECT FROM known_devices d JOIN people p ON p.id = d.person
    WHERE d.sha256 = decode($1, 'hex') AND p.name = $2
      AND d.last_seen_at > now() - interval '180 days');

-- access.LoginThrottle.succeeded
WITH forgiven AS (
    DELETE FROM login_failures
    WHERE (counted = 'account' AND sha256 = decode($1, 'hex'))
       OR (counted = 'device' AND sha256 = decode($2, 'hex'))),
one_less AS (
    UPDATE login_failures SET failures = failures - 1, blocked_until = last_at
    WHERE counted = 'address' AND sha256 = decode($3, 'hex') AND failures > 1),
swept AS (
    DELETE FROM known_devices WHERE last_seen_at < now() - interval '180 days')
INSERT INTO known_devices AS d (sha256, person) VALUES (decode($2, 'hex'), $4)
ON CONFLICT (sha256) DO UPDATE SET last_seen_at = now() WHERE d.person = excluded.person;

-- access.OneTimeLinks.addTheFirst
WITH added AS (
    INSERT INTO people (id, name, roles, manages_people) VALUES ($1, $2, $3, true)
    RETURNING id)
INSERT INTO audit (actor, action, subject_kind, subject_id, details)
SELECT id, 'person.added', 'person', id::text,
       jsonb_build_object('name', $2, 'roles', to_jsonb($3), 'manages_people', true)
FROM added;

-- access.OneTimeLinks.create
WITH created AS (
    INSERT INTO one_time_links (sha256, person, created_by, expires_at)
    VALUES (decode($1, 'hex'), $2, $3, now() + interval '1 day') RETURNING person)
INSERT INTO audit (actor, token, action, subject_kind, subject_id)
SELECT $3, $4, 'link.created', 'person', coalesce(person::text, 'first') FROM created;

-- access.OneTimeLinks.purpose
SELECT p.name FROM one_time_links l LEFT JOIN people p ON p.id = l.person
WHERE l.sha256 = decode($1, 'hex') AND l.used_at IS NULL AND l.expires_at > now()
  AND p.disabled_at IS NULL
  AND (l.person IS NOT NULL OR NOT EXISTS (SELECT FROM people));

-- access.OneTimeLinks.set
WITH ended AS (
    UPDATE sessions SET revoked_at = now() WHERE person = $1 AND revoked_at IS NULL),
written AS (
    INSERT INTO passwords (person, phc) VALUES ($1, $2)
    ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, changed_at = now()
    RETURNING person),
audited AS (
    INSERT INTO audit (actor, action, subject_kind, subject_id, details)
    SELECT person, 'password.set', 'person', person::text, jsonb_build_object('by', 'link')
    FROM written)
SELECT p.id, p.name, p.roles, p.manages_people
FROM people p JOIN written ON written.person = p.id WHERE p.disabled_at IS NULL;

-- access.OneTimeLinks.use
SELECT pg_advisory_xact_lock(hashtext('imprimatur first account'));

-- access.OneTimeLinks.use
UPDATE one_time_links SET used_at = now()
WHERE sha256 = decode($1, 'hex') AND used_at IS NULL AND expires_at > now()
  AND (person IS NOT NULL OR NOT EXISTS (SELECT FROM people))
RETURNING coalesce(person, $2);

-- access.Passkeys.add
WITH added AS (
    INSERT INTO passkeys (credential_id, id, person, public_key, signature_count, user_verified,
        transports, backup_eligible, backed_up, attestation_object, attestation_client, label)
    VALUES ($1, $2, $3, $4, $5, $6,
        $7, $8, $9, $10, $11, $12)
    RETURNING id, person)
INSERT INTO audit (actor, action, subject_kind, subject_id, details)
SELECT person, 'passkey.added', 'person', person::text, jsonb_build_object('passkey', id)
FROM added;

-- access.Passkeys.find
SELECT k.credential_id, k.id, k.person, k.public_key, k.signature_count, k.user_verified, k.transports,
       k.backup_eligible, k.backed_up, k.attestation_object, k.attestation_client, k.label, k.created_at,
       k.last_used_at
FROM passkeys k JOIN people p ON p.id = k.person AND p.disabled_at IS NULL
WHERE k.credential_id = $1;

-- access.Passkeys.of
SELECT k.credential_id, k.id, k.person, k.public_key, k.signature_count, k.user_verified, k.transports,
       k.backup_eligible, k.backed_up, k.attestation_object, k.attestation_client, k.label, k.created_at,
       k.last_used_at
FROM passkeys k JOIN people p ON p.id = k.person AND p.disabled_at IS NULL
WHERE k.person = $1 ORDER BY k.created_at DESC, k.id;

-- access.Passkeys.remove
WITH removed AS (DELETE FROM passkeys WHERE id = $1 AND person = $2 RETURNING id)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $2, $3, 'passkey.removed', 'person', CAST($2 AS text), jsonb_build_object('passkey', id)
FROM removed;

-- access.Passkeys.used
UPDATE passkeys SET signature_count = $1, user_verified = $2,
    backed_up = $3, last_used_at = now()
WHERE credential_id = $4;

-- access.Passwords.check
SELECT p.id, p.name, p.roles, p.manages_people, w.phc
FROM people p LEFT JOIN passwords w ON w.person = p.id
WHERE p.name = $1 AND p.disabled_at IS NULL;

-- access.Passwords.renew
UPDATE passwords SET phc = $1 WHERE person = $2 AND phc = $3;

-- access.Passwords.set
WITH ended AS (
    UPDATE sessions SET revoked_at = now()
    WHERE person = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2),
written AS (
    INSERT INTO passwords (person, phc) VALUES ($1, $3)
    ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, changed_at = now()
    RETURNING person)
INSERT INTO audit (actor, token, action, subject_kind, subject_id)
SELECT $4, $5, 'password.set', 'person', person::text FROM written;

-- access.People.add
WITH added AS (
    INSERT INTO people (id, name, roles, manages_people)
    VALUES ($1, $2, $3, $4) RETURNING id)
INSERT INTO audit (action, subject_kind, subject_id, details)
SELECT 'person.added', 'person', id::text,
       jsonb_build_object('name', $2, 'roles', to_jsonb($3), 'manages_people', $4)
FROM added;

-- access.People.find
SELECT id, name, roles, manages_people FROM people WHERE id = $1 AND disabled_at IS NULL;

-- access.People.named
SELECT id, name, roles, manages_people FROM people WHERE name = $1 AND disabled_at IS NULL;

-- access.People.names
SELECT id, name FROM people WHERE disabled_at IS NULL ORDER BY name LIMIT 1000;

-- access.People.nobody
SELECT NOT EXISTS (SELECT FROM people);

-- access.People.setRoles
WITH changed AS (
    UPDATE people SET roles = $1 WHERE id = $2 AND roles <> CAST($1 AS text[])
    RETURNING id),
ended AS (
    UPDATE sessions SET revoked_at = now() FROM changed
    WHERE sessions.person = changed.id AND revoked_at IS NULL)
INSERT INTO audit (action, subject_kind, subject_id, details)
SELECT 'person.roles', 'person', id::text, jsonb_build_object('roles', to_jsonb($1))
FROM changed;

-- access.Sessions.begin
WITH swept AS (
    DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE person IS NULL AND expires_at < now() LIMIT 20))
INSERT INTO sessions AS s (id, sha256, expires_at)
VALUES ($1, decode($2, 'hex'), now() + make_interval(secs => $3))
RETURNING s.id, s.methods, s.login_at, s.user_agent, s.created_at, s.last_seen_at, s.expires_at;

-- access.Sessions.end
WITH ended AS (
    UPDATE sessions SET revoked_at = now()
    WHERE id = coalesce($1, id) AND id IS DISTINCT FROM $2 AND revoked_at IS NULL
      AND person = $3
    RETURNING id, person)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $4, $5, 'session.revoked', 'session', id::text, jsonb_build_object('person', person)
FROM ended;

-- access.Sessions.keep
UPDATE sessions SET attributes = jsonb_set(attributes, ARRAY[CAST($1 AS text)], CAST($2 AS jsonb))
WHERE id = $3 AND revoked_at IS NULL;

-- access.Sessions.of
SELECT s.id, s.methods, s.login_at, s.user_agent, s.created_at, s.last_seen_at, s.expires_at FROM sessions s
WHERE s.person = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - make_interval(secs => $2)
ORDER BY s.last_seen_at DESC, s.id;

-- access.Sessions.open
WITH swept AS (
    DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at < now() - interval '7 days' LIMIT 100)),
over AS (
    UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL),
opened AS (
    INSERT INTO sessions AS s (id, sha256, person, methods, login_at, user_agent, expires_at)
    VALUES ($2, decode($3, 'hex'), $4, $5, now(), $6, now() + make_interval(secs => $7))
    RETURNING s.*),
audited AS (
    INSERT INTO audit (actor, action, subject_kind, subject_id, details)
    SELECT person, 'session.opened', 'session', id::text, jsonb_build_object('methods', methods)
    FROM opened)
SELECT s.id, s.methods, s.login_at, s.user_agent, s.created_at, s.last_seen_at, s.expires_at  FROM opened s;

-- access.Sessions.owner
SELECT person FROM sessions
WHERE id = $1 AND person IS NOT NULL AND revoked_at IS NULL AND expires_at > now();

-- access.Sessions.read
WITH seen AS (
    UPDATE sessions SET last_seen_at = now()
    WHERE sha256 = decode($1, 'hex') AND revoked_at IS NULL AND expires_at > now()
      AND last_seen_at BETWEEN now() - make_interval(secs => $2)
                           AND now() - make_interval(secs => $3))
SELECT s.id, s.methods, s.login_at, s.user_agent, s.created_at, s.last_seen_at, s.expires_at     , s.person, p.name, p.roles, p.manages_people
FROM sessions s LEFT JOIN people p ON p.id = s.person
WHERE s.sha256 = decode($1, 'hex') AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - make_interval(secs => $2) AND p.disabled_at IS NULL;

-- access.Sessions.take
WITH before AS (
    SELECT id, attributes -> $1 AS kept FROM sessions
    WHERE id = $2 AND jsonb_exists(attributes, $1) AND revoked_at IS NULL FOR UPDATE)
UPDATE sessions s SET attributes = s.attributes - $1 FROM before
WHERE s.id = before.id RETURNING before.kept::text;

-- approvals.Approvals.decide
WITH seen AS (
    SELECT outlet, decode(sha256, 'hex') AS sha256
    FROM unnest(CAST($1 AS text[]), CAST($2 AS text[])) AS given (outlet, sha256)),
matching AS (
    SELECT count(*) AS count FROM seen JOIN renditions r USING (outlet, sha256)
    WHERE r.content_id = $3 AND r.revision = $4),
decided AS (
    INSERT INTO approvals (id, content_id, revision, decision, approver, rendition_sha256s,
                           not_before, not_after, comment)
    SELECT $5, c.id, $4, $6, $7, ARRAY(SELECT sha256 FROM seen),
           coalesce($8, now()),
           coalesce($9, greatest(c.due_at, now()) +
               CASE WHEN c.due_at IS NULL THEN interval '24 hours' ELSE interval '1 hour' END),
           $10
    FROM content c, matching
    WHERE c.id = $3
      AND (c.revision <> $4 OR matching.count = cardinality($1))
    RETURNING id, content_id, not_before, not_after)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $7, $11, 'approval.decided', 'content', content_id::text,
       jsonb_build_object('approval', id, 'decision', CAST($6 AS text),
           'revision', CAST($4 AS integer), 'renditions', to_jsonb($2),
           'not_before', not_before, 'not_after', not_after)
FROM decided;

-- approvals.Approvals.get
SELECT a.id, a.content_id, a.revision, a.decision, a.approver, p.name AS approver_name,
       a.not_before, a.not_after, a.comment, a.decided_at, a.withdrawn_at,
       ARRAY(SELECT r.outlet FROM renditions r
             WHERE r.content_id = a.content_id AND r.revision = a.revision
               AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS outlets,
       ARRAY(SELECT encode(r.sha256, 'hex') FROM renditions r
             WHERE r.content_id = a.content_id AND r.revision = a.revision
               AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS sha256s
FROM approvals a JOIN people p ON p.id = a.approver
WHERE a.id = $1;

-- approvals.Approvals.handsOn
SELECT array_remove(hands_on(c), NULL) AS hands_on FROM content c WHERE c.id = $1;

-- approvals.Approvals.list
SELECT a.id, a.content_id, a.revision, a.decision, a.approver, p.name AS approver_name,
       a.not_before, a.not_after, a.comment, a.decided_at, a.withdrawn_at,
       ARRAY(SELECT r.outlet FROM renditions r
             WHERE r.content_id = a.content_id AND r.revision = a.revision
               AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS outlets,
       ARRAY(SELECT encode(r.sha256, 'hex') FROM renditions r
             WHERE r.content_id = a.content_id AND r.revision = a.revision
               AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS sha256s
FROM approvals a JOIN people p ON p.id = a.approver
WHERE (CAST($1 AS uuid) IS NULL OR a.content_id = $1)
  AND (CAST($2 AS text[]) IS NULL OR EXISTS (
      SELECT FROM content c
      WHERE c.id = a.content_id AND c.outlets <@ CAST($2 AS text[])))
ORDER BY a.decided_at DESC, a.id LIMIT $3;

-- approvals.Approvals.unrecorded
SELECT EXISTS (SELECT FROM content WHERE id = $1);

-- approvals.Approvals.withdraw
WITH withdrawn AS (
    UPDATE approvals SET withdrawn_at = now(), withdrawn_by = $1
    WHERE id = $2 AND withdrawn_at IS NULL
    RETURNING id, content_id)
INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
SELECT $1, $3, 'approval.withdrawn', 'content', content_id::text,
       jsonb_build_object('approval', id)
FROM withdrawn;

-- approvals.Submissions.renditions
SELECT outlet, revision, encode(sha256, 'hex') AS sha256, payload
FROM renditions WHERE content_id = $1 AND revision = $2 ORDER BY outlet;

-- approvals.Submissions.submit
WITH submitted AS (
    UPDATE content SET state = 'in_review', submitter = $1, updated_at = now()
    WHERE id = $2 AND revision = $3 AND state IN ('draft', 'changes_requested')
    RETURNING id, revision),
rendered AS (
    INSERT INTO renditions (content_id, revision, outlet, payload)
    SELECT s.id, s.revision, r.outlet, r.payload
    FROM submitted s, unnest(CAST($4 AS text[]), CAST($5 AS text[])) AS r (outlet, payload)
    ON CONFLICT DO NOTHING),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $1, $6, 'content.submitted', 'content', id::text,
           jsonb_build_object('revision', revision, 'outlets', to_jsonb($4))
    FROM submitted)
SELECT true FROM submitted;

-- content.Comments.add
WITH said AS (
    INSERT INTO comments (id, content_id, revision, author, body)
    SELECT $1, c.id, c.revision, $2, $3 FROM content c WHERE c.id = $4
    RETURNING revision, created_at),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $2, $5, 'content.commented', 'content', CAST($4 AS text),
           jsonb_build_object('comment', $1, 'revision', revision)
    FROM said)
SELECT revision, created_at FROM said;

-- content.Comments.of
SELECT c.id, c.revision, c.body, c.created_at, c.author, p.name AS author_name
FROM comments c JOIN people p ON p.id = c.author
WHERE c.content_id = $1 ORDER BY c.created_at, c.id;

-- content.Drafts.create
WITH locked AS MATERIALIZED (
    SELECT CAST($1 AS text) IS NULL
        OR pg_try_advisory_xact_lock(hashtextextended($2, 0)) AS free),
keyed AS (
    INSERT INTO idempotency_keys AS earlier (principal, route, key, fingerprint, subject_id)
    SELECT $3, $4, $1, sha256(convert_to($5, 'UTF8')), $6
    FROM locked WHERE free AND CAST($1 AS text) IS NOT NULL
    ON CONFLICT (principal, route, key) DO UPDATE
    SET fingerprint = excluded.fingerprint, subject_id = excluded.subject_id, created_at = now()
    WHERE earlier.created_at <= now() - interval '24 hours'
    RETURNING key),
created AS (
    INSERT INTO content (id, outlets, due_at, due_local, due_zone, author)
    SELECT $6, $7, $8, $9, $10, $3
    WHERE CAST($1 AS text) IS NULL OR EXISTS (SELECT FROM keyed)
    RETURNING id, created_at),
revised AS (
    INSERT INTO revisions (content_id, number, canonical, editor)
    SELECT id, 1, $11, $3 FROM created
    RETURNING encode(sha256, 'hex') AS sha256),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $3, $12, 'content.created', 'content', id::text,
           jsonb_build_object('revision', 1, 'sha256', sha256, 'outlets', to_jsonb($7))
    FROM created, revised)
SELECT free, created_at FROM locked LEFT JOIN created ON true;

-- content.Drafts.edit
WITH before AS (
    SELECT c.id, c.revision,
           r.sha256 <> sha256(convert_to($1, 'UTF8')) OR c.outlets <> CAST($2 AS text[])
               OR (c.state = 'in_review' AND c.due_at IS DISTINCT FROM $3) AS changes
    FROM content c JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
    WHERE c.id = $4 AND c.revision = coalesce($5, c.revision)
    FOR NO KEY UPDATE OF c),
edited AS (
    UPDATE content c
    SET outlets = $2, due_at = $3, due_local = $6, due_zone = $7,
        revision = before.revision + CASE WHEN changes THEN 1 ELSE 0 END,
        state = CASE WHEN changes THEN 'draft' ELSE c.state END,
        updated_at = now()
    FROM before
    WHERE c.id = before.id
      AND (changes OR c.due_at IS DISTINCT FROM $3 OR c.due_zone IS DISTINCT FROM $7)
    RETURNING c.id, c.revision, changes),
revised AS (
    INSERT INTO revisions (content_id, number, canonical, editor)
    SELECT id, revision, $1, $8 FROM edited WHERE changes),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $8, $9, CASE WHEN changes THEN 'content.edited' ELSE 'content.planned' END,
           'content', id::text,
           jsonb_build_object('revision', revision, 'outlets', to_jsonb($2), 'due_at', CAST($3 AS timestamptz))
    FROM edited)
SELECT true FROM before;

-- content.Drafts.find
SELECT c.id, c.state, c.revision, c.outlets, c.due_at, c.due_local, c.due_zone, c.created_at, c.updated_at,
       r.canonical, encode(r.sha256, 'hex') AS sha256,
       c.author, a.name AS author_name, r.editor, e.name AS editor_name,
       c.submitter, s.name AS submitter_name
FROM content c
JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
JOIN people a ON a.id = c.author
JOIN people e ON e.id = r.editor
LEFT JOIN people s ON s.id = c.submitter
WHERE c.id = $1;

-- content.Drafts.isWithin
SELECT EXISTS (
    SELECT FROM content WHERE id = $1
      AND (CAST($2 AS text[]) IS NULL OR outlets <@ CAST($2 AS text[])));

-- content.Drafts.list
SELECT c.id, c.state, c.revision, c.outlets, c.due_at, c.due_local, c.due_zone,
       c.created_at, c.updated_at, r.canonical::jsonb ->> 'title' AS title,
       c.author, a.name AS author_name
FROM content c
JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
JOIN people a ON a.id = c.author
WHERE (CAST($1 AS text[]) IS NULL OR c.outlets <@ CAST($1 AS text[]))
  AND (CAST($2 AS text) IS NULL OR c.state = $2)
  AND (CAST($3 AS uuid) IS NULL OR (c.created_at, c.id) < ($4, $3))
ORDER BY c.created_at DESC, c.id DESC
LIMIT $5;

-- content.Drafts.replay
SELECT subject_id, created_at FROM idempotency_keys
WHERE principal = $1 AND route = $2 AND key = $3
  AND fingerprint = sha256(convert_to($4, 'UTF8'))
  AND created_at > now() - interval '24 hours';

-- content.Drafts.revisions
SELECT r.number, r.canonical, encode(r.sha256, 'hex') AS sha256, r.created_at,
       r.editor, p.name AS editor_name
FROM revisions r JOIN people p ON p.id = r.editor
WHERE r.content_id = $1 AND r.number = coalesce($2, r.number) ORDER BY r.number;

-- content.IdempotencyKeys.keep
INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, location, etag, body)
VALUES ($1, $2, $3, sha256(convert_to($4, 'UTF8')),
        $5, $6, $7, $8)
ON CONFLICT (principal, route, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
    etag = excluded.etag, body = excluded.body, created_at = now();

-- content.IdempotencyKeys.kept
SELECT fingerprint = sha256(convert_to($1, 'UTF8')) AS same, status, location, etag, body
FROM idempotency_keys
WHERE principal = $2 AND route = $3 AND key = $4
  AND created_at > now() - interval '24 hours';

-- content.IdempotencyKeys.lock
SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0));

-- content.IdempotencyKeys.sweep
DELETE FROM idempotency_keys WHERE created_at <= now() - interval '24 hours';

-- flags.FeatureFlags.globalStop
SELECT stopped, reason, changed_by, changed_at FROM global_stop;

-- flags.FeatureFlags.of
SELECT outlet, mode, required_approvals, reason, changed_by, changed_at
FROM outlet_feature_flags;

-- flags.FeatureFlags.set
WITH switched AS (
    UPDATE global_stop
    SET stopped = $1, reason = $2, changed_by = $3, changed_at = now()
    RETURNING *),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $3, $4, 'stop.switched', 'feature_flag', 'global-stop',
           jsonb_build_object('stopped', stopped, 'reason', reason)
    FROM switched)
SELECT stopped, reason, changed_by, changed_at FROM switched;

-- flags.FeatureFlags.set
WITH switched AS (
    INSERT INTO outlet_feature_flags AS f (outlet, mode, reason, changed_by)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (outlet) DO UPDATE
    SET mode = excluded.mode, reason = excluded.reason, changed_by = excluded.changed_by,
        changed_at = now()
    RETURNING *),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $4, $5, 'flag.switched', 'feature_flag', outlet,
           jsonb_build_object('mode', mode, 'reason', reason)
    FROM switched)
SELECT outlet, mode, required_approvals, reason, changed_by, changed_at FROM switched;

-- outlets.Feed.put
INSERT INTO feed_entries AS kept (subject, key, revision, payload)
VALUES ($1, $2, $3, $4)
ON CONFLICT (subject) DO UPDATE
SET key = excluded.key, revision = excluded.revision, payload = excluded.payload,
    updated_at = now()
WHERE kept.revision < excluded.revision;

-- outlets.Feed.standing
SELECT key, revision, payload FROM feed_entries WHERE subject = $1;

-- outlets.FeedPage.read
SELECT subject, payload, published_at, updated_at
FROM feed_entries
WHERE (published_at, subject) < ($1, $2)
ORDER BY published_at DESC, subject DESC
LIMIT $3;

-- publications.Claims.claim
WITH due AS (
    SELECT id FROM publications
    WHERE state = 'scheduled' AND due_at <= now() AND (retry_at IS NULL OR retry_at <= now())
    ORDER BY due_at LIMIT $1
    FOR UPDATE SKIP LOCKED),
claimed AS (
    UPDATE publications p
    SET state = 'sending', fence = fence + 1, retry_at = NULL, updated_at = now(),
        lease_until = now() + make_interval(secs => $2)
    FROM due WHERE p.id = due.id
    RETURNING p.*),
attempted AS (
    INSERT INTO attempts (publication_id, fence, claimed_by)
    SELECT id, fence, $3 FROM claimed
    ON CONFLICT DO NOTHING),
audited AS (
    INSERT INTO audit (action, subject_kind, subject_id, details)
    SELECT 'publication.sending', 'publication', id::text,
           jsonb_build_object('fence', fence, 'by', CAST($3 AS text))
    FROM claimed)
SELECT c.id, c.fence, c.outlet, c.content_id, c.revision, r.payload,
       CASE WHEN (SELECT stopped FROM global_stop) THEN 'global_stop'
            WHEN coalesce(f.mode, 'off') = 'off' THEN 'outlet_off'
            WHEN f.mode = 'dry_run' THEN 'dry_run' END AS switched_off
FROM claimed c
JOIN renditions r USING (content_id, revision, outlet)
LEFT JOIN outlet_feature_flags f USING (outlet)
ORDER BY c.due_at;

-- publications.Claims.finish
WITH finished AS (
    UPDATE attempts SET finished_at = clock_timestamp(), outcome = $1, detail = $2
    WHERE publication_id = $3 AND fence = $4 AND finished_at IS NULL
    RETURNING publication_id),
moved AS (
    UPDATE publications p
    SET state = $5, held_reason = $6, lease_until = NULL, updated_at = now(),
        retry_at = now() + make_interval(secs => CAST($7 AS double precision)),
        external_id = coalesce($8, external_id), url = coalesce($9, url),
        published_at = CASE WHEN $5 = 'published' THEN now() END
    FROM finished
    WHERE p.id = finished.publication_id AND p.fence = $4 AND p.state = 'sending'
    RETURNING p.id, p.state)
INSERT INTO audit (action, subject_kind, subject_id, details)
SELECT 'publication.' || state, 'publication', id::text,
       jsonb_build_object('fence', CAST($4 AS bigint), 'outcome', CAST($1 AS text),
           'detail', CAST($2 AS text))
FROM moved;

-- publications.Claims.markWire
UPDATE attempts SET wire_at = clock_timestamp()
WHERE publication_id = $1 AND fence = $2 AND wire_at IS NULL;

-- publications.Claims.prove
SELECT prove_approved(p, clock_timestamp()) FROM publications p WHERE p.id = $1;

-- publications.Claims.recover
WITH dead AS (
    SELECT p.id, p.fence, a.wire_at IS NOT NULL AS sent,
           a.wire_at IS NOT NULL AND p.outlet <> ALL ($1) AS uncertain
    FROM publications p JOIN attempts a ON a.publication_id = p.id AND a.fence = p.fence
    WHERE p.state = 'sending' AND ($2 OR p.lease_until < now())
    FOR UPDATE OF p, a SKIP LOCKED),
finished AS (
    UPDATE attempts a
    SET finished_at = now(), outcome = CASE WHEN sent THEN 'unknown' ELSE 'lost' END,
        detail = 'its dispatcher died'
    FROM dead WHERE a.publication_id = dead.id AND a.fence = dead.fence AND a.finished_at IS NULL),
moved AS (
    UPDATE publications p
    SET state = CASE WHEN uncertain THEN 'uncertain' ELSE 'scheduled' END,
        lease_until = NULL, updated_at = now()
    FROM dead WHERE p.id = dead.id
    RETURNING p.id, p.state, p.fence)
INSERT INTO audit (action, subject_kind, subject_id, details)
SELECT 'publication.' || state, 'publication', id::text,
       jsonb_build_object('fence', fence, 'outcome', 'its dispatcher died')
FROM moved;

-- publications.Claims.untilNext
SELECT extract(epoch FROM greatest(due_at, retry_at) - clock_timestamp())
FROM publications WHERE state = 'scheduled' ORDER BY due_at LIMIT 1;

-- publications.Publications.attempts
SELECT fence, claimed_by, claimed_at, wire_at, finished_at, outcome, detail
FROM attempts WHERE publication_id = $1 ORDER BY fence;

-- publications.Publications.change
WITH locked AS (
    SELECT c.id AS content FROM content c JOIN publications p ON p.content_id = c.id
    WHERE p.id = $1 FOR SHARE OF c),
changed AS (UPDATE publications p SET due_at = $2, due_local = $3, due_zone = $4, updated_at = now()
FROM locked WHERE p.id = $1 AND state IN ('scheduled', 'held') RETURNING p.*), audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $5, $6, $7, 'publication', id::text,
           jsonb_build_object('state', state, 'due_at', due_at)
    FROM changed)
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM changed;

-- publications.Publications.change
WITH locked AS (
    SELECT c.id AS content FROM content c JOIN publications p ON p.content_id = c.id
    WHERE p.id = $1 FOR SHARE OF c),
changed AS (UPDATE publications p SET state = 'scheduled', held_reason = NULL, due_at = greatest(due_at, now()), updated_at = now(),
    due_local = CASE WHEN due_at < now() THEN now() AT TIME ZONE 'UTC' ELSE due_local END,
    due_zone = CASE WHEN due_at < now() THEN 'Z' ELSE due_zone END
FROM locked WHERE p.id = $1 AND state = 'held' RETURNING p.*), audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $2, $3, $4, 'publication', id::text,
           jsonb_build_object('state', state, 'due_at', due_at)
    FROM changed)
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM changed;

-- publications.Publications.change
WITH locked AS (
    SELECT c.id AS content FROM content c JOIN publications p ON p.content_id = c.id
    WHERE p.id = $1 FOR SHARE OF c),
changed AS (UPDATE publications p SET state = 'cancelled', held_reason = NULL, updated_at = now()
FROM locked WHERE p.id = $1 AND state IN ('scheduled', 'held') RETURNING p.*), audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $2, $3, $4, 'publication', id::text,
           jsonb_build_object('state', state, 'due_at', due_at)
    FROM changed)
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM changed;

-- publications.Publications.find
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM publications WHERE id = $1;

-- publications.Publications.list
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM publications
WHERE (CAST($1 AS text[]) IS NULL OR EXISTS (
      SELECT FROM content c
      WHERE c.id = content_id AND c.outlets <@ CAST($1 AS text[])
        AND outlet = ANY (CAST($1 AS text[]))))
  AND (CAST($2 AS uuid) IS NULL OR content_id = $2)
  AND (CAST($3 AS text) IS NULL OR state = $3)
  AND (CAST($4 AS uuid) IS NULL OR (created_at, id) < ($5, $4))
ORDER BY created_at DESC, id DESC
LIMIT $6;

-- publications.Publications.schedule
WITH piece AS (
    SELECT c.id, c.revision, r.sha256,
           coalesce($1, greatest(c.due_at, now())) AS due_at,
           coalesce($2, CASE WHEN c.due_at >= now() THEN c.due_zone END, 'Z') AS due_zone,
           coalesce($3, CASE WHEN c.due_at >= now() THEN c.due_local END,
                    now() AT TIME ZONE 'UTC') AS due_local,
           CASE WHEN (SELECT stopped FROM global_stop) THEN 'global_stop'
                WHEN coalesce(f.mode, 'off') = 'off' THEN 'outlet_off' END AS held_reason
    FROM content c
    JOIN renditions r ON r.content_id = c.id AND r.revision = c.revision AND r.outlet = $4
    LEFT JOIN outlet_feature_flags f ON f.outlet = $4
    WHERE c.id = $5 AND c.revision = coalesce($6, c.revision)),
scheduled AS (
    INSERT INTO publications (id, content_id, revision, outlet, rendition_sha256, state,
                              held_reason, due_at, due_local, due_zone, scheduled_by)
    SELECT $7, id, revision, $4, sha256,
           CASE WHEN held_reason IS NULL THEN 'scheduled' ELSE 'held' END,
           held_reason, due_at, due_local, due_zone, $8
    FROM piece
    RETURNING *),
audited AS (
    INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
    SELECT $8, $9, 'publication.' || state, 'publication', id::text,
           jsonb_build_object('content', content_id, 'revision', revision, 'outlet', outlet,
               'rendition', encode(rendition_sha256, 'hex'), 'due_at', due_at, 'reason', held_reason)
    FROM scheduled)
SELECT id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
FROM scheduled;

-- publications.Publications.unscheduled
SELECT revision FROM content WHERE id = $1;
