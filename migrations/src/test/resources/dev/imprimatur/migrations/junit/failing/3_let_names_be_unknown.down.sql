-- Somebody forgot.
SELECT 1;
