DROP TABLE api_tokens, people;
