DROP TABLE comments, submissions, renditions, revisions;
DROP FUNCTION renditions_hash();
DROP FUNCTION revisions_hash();
