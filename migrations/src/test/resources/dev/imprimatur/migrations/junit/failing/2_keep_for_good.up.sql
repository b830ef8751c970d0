COMMENT ON TABLE members IS 'who is with us';
