-- migrate: refuses IM the gate refuses what nobody approved, and rows that a rehearsal makes up are approved by nobody
-- The gate. A rule that stands in handlers leaks; this one holds for every statement, whoever sends it. Each function
-- pins its search_path, so that a temporary table of the same name cannot stand in for the real one.

-- Everybody who had a hand in the current revision. The revisions are immutable and so a better witness than the row.
CREATE FUNCTION hands_on(piece content) RETURNS uuid[] LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
    SELECT ARRAY[piece.author, piece.submitter]
        || ARRAY(SELECT editor FROM revisions WHERE content_id = piece.id AND number IN (1, piece.revision))
        || ARRAY(SELECT submitter FROM submissions WHERE content_id = piece.id AND revision = piece.revision)
$$;

-- Who approves: a person with the role, as a person neither author, editor nor submitter of what is approved, saying yes
-- to bytes that stand in the renditions of the current revision.
CREATE FUNCTION approvals_four_eyes() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    piece content%ROWTYPE;
    stranger bytea;
BEGIN
    SELECT * INTO piece FROM content WHERE id = NEW.content_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM people WHERE id = NEW.approver AND 'approver' = ANY (roles) AND disabled_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'IM201', MESSAGE = 'only a person with the role approver decides';
    END IF;
    IF NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = 'a decision cannot begin as withdrawn';
    END IF;
    IF NEW.revision <> piece.revision THEN
        RAISE EXCEPTION USING ERRCODE = 'IM302',
            MESSAGE = format('revision %s is current, not %s', piece.revision, NEW.revision);
    END IF;
    IF piece.state NOT IN ('in_review', 'approved') THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301',
            MESSAGE = format('it is %s; only what is in review can be decided', piece.state);
    END IF;
    IF NEW.decision = 'approved' THEN
        IF NEW.approver = ANY (hands_on(piece)) THEN
            RAISE EXCEPTION USING ERRCODE = 'IM203',
                MESSAGE = 'its author, last editor and submitter cannot approve it; another approver must';
        END IF;
        SELECT sha256 INTO stranger FROM unnest(NEW.rendition_sha256s) AS given (sha256)
        WHERE NOT EXISTS (
            SELECT FROM renditions r
            WHERE r.content_id = NEW.content_id AND r.revision = NEW.revision AND r.sha256 = given.sha256)
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'IM303',
                MESSAGE = format('no rendition of revision %s has the hash %s', NEW.revision, coalesce(encode(stranger, 'hex'), 'null'));
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_four_eyes BEFORE INSERT ON approvals FOR EACH ROW EXECUTE FUNCTION approvals_four_eyes();

-- A decision is never rewritten; it can be taken back, once.
CREATE FUNCTION approvals_only_withdrawn() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by'] <> to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by']
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'a decision is never changed; it can only be withdrawn, once';
    END IF;
    PERFORM FROM content WHERE id = NEW.content_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_only_withdrawn BEFORE UPDATE ON approvals
    FOR EACH ROW EXECUTE FUNCTION approvals_only_withdrawn();
CREATE TRIGGER approvals_never_removed BEFORE DELETE ON approvals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approvals_never_truncated BEFORE TRUNCATE ON approvals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The proof: these bytes are the current revision's, and enough people said yes to them for this instant.
-- The content's row stays share-locked until the transaction ends, so that no edit slips in between.
CREATE FUNCTION prove_approved(p publications, instant timestamptz) RETURNS void LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    piece content%ROWTYPE;
    required integer;
    said_yes bigint;
    said_yes_to_the_time bigint;
BEGIN
    SELECT * INTO piece FROM content WHERE id = p.content_id FOR SHARE;
    IF p.revision <> piece.revision THEN
        RAISE EXCEPTION USING ERRCODE = 'IM304',
            MESSAGE = format('revision %s was edited since; revision %s is not approved by that', p.revision, piece.revision);
    END IF;
    IF NOT EXISTS (
        SELECT FROM renditions r
        WHERE r.content_id = p.content_id AND r.revision = p.revision AND r.outlet = p.outlet
          AND r.sha256 = p.rendition_sha256)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM303',
            MESSAGE = format('revision %s has no rendition for %s with that hash', p.revision, p.outlet);
    END IF;
    SELECT coalesce((SELECT required_approvals FROM outlet_feature_flags WHERE outlet = p.outlet), 1) INTO required;
    SELECT count(DISTINCT approver),
           count(DISTINCT approver) FILTER (WHERE instant BETWEEN not_before AND not_after)
    INTO said_yes, said_yes_to_the_time
    FROM approvals a
    JOIN people ON people.id = a.approver AND 'approver' = ANY (people.roles) AND people.disabled_at IS NULL
    WHERE a.content_id = p.content_id AND a.revision = p.revision AND a.decision = 'approved' AND a.withdrawn_at IS NULL
      AND p.rendition_sha256 = ANY (a.rendition_sha256s)
      AND a.approver <> ALL (array_remove(hands_on(piece), NULL))
      AND NOT EXISTS (
          SELECT FROM approvals no
          WHERE no.content_id = a.content_id AND no.revision = a.revision AND no.decision = 'changes_requested'
            AND no.withdrawn_at IS NULL AND no.decided_at > a.decided_at);
    IF piece.state <> 'approved' OR said_yes < required THEN
        RAISE EXCEPTION USING ERRCODE = 'IM304',
            MESSAGE = format('%s of %s needed approvals, and the content is %s', said_yes, required, piece.state);
    END IF;
    IF said_yes_to_the_time < required THEN
        RAISE EXCEPTION USING ERRCODE = 'IM305',
            MESSAGE = format('%s lies outside the approved window', to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
    END IF;
END $$;

CREATE FUNCTION publications_gate() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('scheduled', 'held') THEN
            RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = format('a publication cannot begin as %s', NEW.state);
        END IF;
        PERFORM prove_approved(NEW, NEW.due_at);
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.content_id, NEW.revision, NEW.outlet, NEW.rendition_sha256)
        IS DISTINCT FROM (OLD.id, OLD.content_id, OLD.revision, OLD.outlet, OLD.rendition_sha256)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'what a publication publishes, and where, is never changed';
    END IF;
    -- A fence goes up by one with each claim, and nothing else moves it; what is published is history.
    IF NEW.fence NOT IN (OLD.fence, OLD.fence + 1)
        OR (NEW.fence > OLD.fence) <> (OLD.state = 'scheduled' AND NEW.state = 'sending')
        OR (OLD.state = 'published' AND to_jsonb(NEW) - 'updated_at' <> to_jsonb(OLD) - 'updated_at')
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'claims and what was published are never rewritten';
    END IF;
    -- What comes back unsent waits for a person when its content was edited or lost its approval meanwhile.
    IF OLD.state = 'sending' AND NEW.state = 'scheduled' AND NOT EXISTS (
        SELECT FROM content WHERE id = NEW.content_id AND revision = NEW.revision AND state = 'approved')
    THEN
        NEW.state := 'held';
        NEW.held_reason := 'not_approved';
    END IF;
    -- What an attempt may have delivered is not merely waiting, has not simply failed, and is not called back.
    IF NEW.state <> OLD.state AND (NEW.state IN ('held', 'cancelled') OR (OLD.state = 'sending' AND NEW.state = 'failed'))
        AND EXISTS (
        SELECT FROM attempts WHERE publication_id = NEW.id AND outcome = 'unknown')
    THEN
        IF NEW.state = 'cancelled' THEN
            RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = 'an attempt may have reached the outlet; it cannot be cancelled';
        END IF;
        NEW.state := 'uncertain';
        NEW.held_reason := NULL;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('scheduled', 'sending'), ('scheduled', 'held'), ('scheduled', 'cancelled'), ('scheduled', 'uncertain'),
        ('held', 'scheduled'), ('held', 'cancelled'),
        ('sending', 'scheduled'), ('sending', 'held'), ('sending', 'published'), ('sending', 'failed'), ('sending', 'uncertain'),
        ('uncertain', 'published'), ('uncertain', 'failed'), ('uncertain', 'scheduled'),
        ('failed', 'scheduled'))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = format('it is %s and cannot become %s', OLD.state, NEW.state);
    END IF;
    IF NEW.state = 'published' AND OLD.state <> 'published' AND NOT EXISTS (
        SELECT FROM attempts
        WHERE publication_id = NEW.id AND wire_at IS NOT NULL
          AND (OLD.state = 'uncertain' OR (fence = NEW.fence AND (finished_at IS NULL OR outcome = 'accepted'))))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = 'no attempt was accepted, so nothing is published';
    END IF;
    IF NEW.state = 'scheduled' AND (OLD.state IN ('held', 'failed', 'uncertain') OR NEW.due_at <> OLD.due_at) THEN
        PERFORM prove_approved(NEW, NEW.due_at);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publications_gate BEFORE INSERT OR UPDATE ON publications
    FOR EACH ROW EXECUTE FUNCTION publications_gate();
CREATE TRIGGER publications_never_removed BEFORE DELETE ON publications FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER publications_never_truncated BEFORE TRUNCATE ON publications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The wire mark proves everything once more, now: lease, switches, bytes, approvals, window. The switches stay
-- share-locked until it commits, so that no mark follows the commit of a switch.
CREATE FUNCTION attempts_gate() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    p publications%ROWTYPE;
    switched text;
    stop boolean;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.wire_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.finished_at IS NOT NULL OR (OLD.wire_at IS NOT NULL AND NEW.wire_at IS DISTINCT FROM OLD.wire_at)
            OR (NEW.publication_id, NEW.fence, NEW.claimed_by, NEW.claimed_at)
                IS DISTINCT FROM (OLD.publication_id, OLD.fence, OLD.claimed_by, OLD.claimed_at)
        THEN
            RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'what an attempt did is never changed';
        END IF;
        IF NEW.wire_at IS NULL OR OLD.wire_at IS NOT NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT * INTO p FROM publications WHERE id = NEW.publication_id FOR NO KEY UPDATE;
    IF p.state <> 'sending' OR p.fence <> NEW.fence OR p.lease_until IS NULL OR p.lease_until < clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'IM312', MESSAGE = 'this attempt has lost its lease';
    END IF;
    SELECT mode INTO switched FROM outlet_feature_flags WHERE outlet = p.outlet FOR SHARE;
    SELECT stopped INTO stop FROM global_stop FOR SHARE;
    IF stop IS NOT FALSE OR switched IS DISTINCT FROM 'live' THEN
        RAISE EXCEPTION USING ERRCODE = 'IM313', MESSAGE = format('%s is switched off', p.outlet);
    END IF;
    IF p.due_at > clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'IM305', MESSAGE = 'it is not due yet';
    END IF;
    PERFORM prove_approved(p, clock_timestamp());
    -- The proof may have waited for a lock.
    IF p.lease_until < clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'IM312', MESSAGE = 'this attempt has lost its lease';
    END IF;
    NEW.wire_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER attempts_gate BEFORE INSERT OR UPDATE ON attempts FOR EACH ROW EXECUTE FUNCTION attempts_gate();
CREATE TRIGGER attempts_never_removed BEFORE DELETE ON attempts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attempts_never_truncated BEFORE TRUNCATE ON attempts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who wrote it first never changes, revisions only move forward, and content that stops being approved takes
-- everything unsent with it.
CREATE FUNCTION content_gate() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.author, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.author, OLD.created_at)
        OR NEW.revision NOT IN (OLD.revision, OLD.revision + 1)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'author, creation and past revisions are never changed';
    END IF;
    IF NEW.submitter IS DISTINCT FROM OLD.submitter
        AND NOT (NEW.state = 'in_review' AND OLD.state IN ('draft', 'changes_requested'))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM307', MESSAGE = 'who submitted it changes only when it is submitted again';
    END IF;
    IF NEW.revision <> OLD.revision AND NEW.state <> 'draft' THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = 'an edit makes it a draft again';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> 'draft' AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'in_review'), ('changes_requested', 'in_review'), ('approved', 'in_review'),
        ('in_review', 'approved'), ('in_review', 'changes_requested'), ('approved', 'changes_requested'))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'IM301', MESSAGE = format('it is %s and cannot become %s', OLD.state, NEW.state);
    END IF;
    IF NEW.state = 'in_review' AND OLD.state <> 'in_review' THEN
        INSERT INTO submissions (content_id, revision, submitter)
        VALUES (NEW.id, NEW.revision, NEW.submitter) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER content_gate BEFORE UPDATE ON content FOR EACH ROW EXECUTE FUNCTION content_gate();

CREATE FUNCTION content_holds_unsent() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    why text := CASE WHEN NEW.revision <> OLD.revision THEN 'edited'
                     WHEN NEW.state = 'changes_requested' THEN 'changes_requested'
                     ELSE 'approval_withdrawn' END;
BEGIN
    WITH held AS (
        UPDATE publications SET state = 'held', held_reason = why, updated_at = now()
        WHERE content_id = NEW.id AND state = 'scheduled'
        RETURNING id)
    INSERT INTO audit (action, subject_kind, subject_id, details)
    SELECT 'publication.held', 'publication', id, jsonb_build_object('reason', why) FROM held;
    RETURN NULL;
END $$;
CREATE TRIGGER content_holds_unsent AFTER UPDATE ON content FOR EACH ROW
    WHEN (OLD.state = 'approved' AND NEW.state <> 'approved') EXECUTE FUNCTION content_holds_unsent();
CREATE TRIGGER content_never_removed BEFORE DELETE ON content FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER content_never_truncated BEFORE TRUNCATE ON content FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A decision moves the content: one no sends it back, and the last yes that any of its outlets waited for approves it.
CREATE FUNCTION approvals_settle() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    settled text;
BEGIN
    UPDATE content c
    SET state = CASE NEW.decision WHEN 'approved' THEN 'approved' ELSE 'changes_requested' END, updated_at = now()
    WHERE c.id = NEW.content_id AND c.state <> CASE NEW.decision WHEN 'approved' THEN 'approved' ELSE 'changes_requested' END
      AND (NEW.decision = 'changes_requested' OR NOT EXISTS (
          SELECT FROM renditions r
          LEFT JOIN outlet_feature_flags f USING (outlet)
          WHERE r.content_id = c.id AND r.revision = c.revision AND coalesce(f.required_approvals, 1) > (
              SELECT count(DISTINCT a.approver) FROM approvals a
              WHERE a.content_id = c.id AND a.revision = c.revision AND a.decision = 'approved'
                AND a.withdrawn_at IS NULL AND r.sha256 = ANY (a.rendition_sha256s)
                AND a.approver <> ALL (array_remove(hands_on(c), NULL)))))
    RETURNING state INTO settled;
    IF settled IS NOT NULL THEN
        INSERT INTO audit (actor, action, subject_kind, subject_id, details)
        VALUES (NEW.approver, 'content.' || settled, 'content', NEW.content_id,
                jsonb_build_object('revision', NEW.revision, 'approval', NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approvals_settle AFTER INSERT ON approvals FOR EACH ROW EXECUTE FUNCTION approvals_settle();

-- A yes taken back takes the content's approval with it, and so everything unsent.
CREATE FUNCTION approvals_withdrawal_reopens() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE content SET state = 'in_review', updated_at = now()
    WHERE id = NEW.content_id AND state = 'approved' AND revision = NEW.revision;
    RETURN NULL;
END $$;
CREATE TRIGGER approvals_withdrawal_reopens AFTER UPDATE ON approvals FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND OLD.decision = 'approved')
    EXECUTE FUNCTION approvals_withdrawal_reopens();

-- The feed's own store is the wire of that outlet: only an attempt that stands on it may write, and only its bytes.
CREATE FUNCTION feed_entries_gate() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM publications p JOIN attempts a ON a.publication_id = p.id AND a.fence = p.fence
    WHERE p.id = NEW.key AND p.outlet = 'feed' AND p.state = 'sending'
      AND p.content_id = NEW.subject AND p.revision = NEW.revision
      AND p.rendition_sha256 = sha256(convert_to(E'feed\n' || NEW.payload, 'UTF8'))
      AND a.wire_at IS NOT NULL AND a.finished_at IS NULL
    FOR SHARE OF p;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'IM304', MESSAGE = 'no attempt on the wire carries these bytes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feed_entries_gate BEFORE INSERT OR UPDATE ON feed_entries
    FOR EACH ROW EXECUTE FUNCTION feed_entries_gate();
