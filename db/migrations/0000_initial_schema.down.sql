DROP TABLE audit, outlet_feature_flags, linkedin_tokens, metrics, publications, approvals, content;
DROP FUNCTION refuse_change();
DROP FUNCTION audit_canonical();
