-- A copied database must not speak to any server in the name of the real one.
UPDATE oiconnect_endpoint
   SET host = 'neutralized.invalid',
       active = FALSE,
       host_key = NULL,
       certificate = NULL,
       trust_authorities = FALSE,
       password_token = NULL,
       private_key_token = NULL;
UPDATE oiconnect_import_source
   SET host = 'neutralized.invalid',
       active = FALSE,
       host_key = NULL,
       certificate = NULL,
       trust_authorities = FALSE,
       password_token = NULL,
       private_key_token = NULL;
