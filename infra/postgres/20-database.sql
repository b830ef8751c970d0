-- Run by the image of PostgreSQL when its volume is empty, after db/roles.sql has made the two roles.
\getenv owner_password IMPRIMATUR_OWNER_PASSWORD
\getenv app_password IMPRIMATUR_APP_PASSWORD
ALTER ROLE imprimatur_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE imprimatur_app LOGIN PASSWORD :'app_password';
CREATE DATABASE imprimatur OWNER imprimatur_owner;
