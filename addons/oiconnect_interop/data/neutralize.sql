-- A copied database must not speak to the operators in the name of the real one.
UPDATE oiconnect_endpoint
   SET host = 'neutralized.invalid',
       active = FALSE,
       host_key = NULL,
       password_token = NULL,
       private_key_token = NULL;
