-- A copied database must not speak to any server in the name of the real one.
UPDATE oiconnect_soap_account
   SET url = 'https://neutralized.invalid',
       active = FALSE,
       is_notified = FALSE,
       password_hash = NULL,
       remote_password_token = NULL;
-- Envelopes that were exchanged: customers are masked in them, references are not.
DELETE FROM oiconnect_soap_call;
