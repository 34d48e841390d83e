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
DELETE FROM oiconnect_claim;
-- Files that were exchanged name end customers: their names, sizes and counts stay,
-- their contents do not. Published files are stored with their publication.
DELETE FROM ir_attachment
 WHERE res_model = 'oiconnect.exchange';
UPDATE oiconnect_exchange
   SET state = CASE
           WHEN state IN ('in_received', 'in_processing') THEN 'in_refused'
           WHEN state = 'out_ready' THEN 'out_expired'
           ELSE state END,
       message = NULL,
       notice_comment = NULL,
       customer_erased_on = COALESCE(customer_erased_on, now() AT TIME ZONE 'UTC');
UPDATE oiconnect_exchange_error
   SET message = CASE
           WHEN value <> '' THEN replace(message, value, '•••')
           ELSE message END,
       value = NULL
 WHERE value IS NOT NULL;
DELETE FROM oiconnect_exchange_sandbox_line;
DELETE FROM oiconnect_exchange_sandbox_answer;
DELETE FROM oiconnect_exchange_sandbox;
UPDATE mail_message
   SET body = '',
       subject = NULL
 WHERE model = 'oiconnect.exchange';
UPDATE mail_activity
   SET summary = NULL,
       note = NULL
 WHERE res_model = 'oiconnect.exchange';

-- Nor sign a report in our name; what was wrong with a line may quote it.
UPDATE oiconnect_signing_certificate
   SET key_token = NULL;
UPDATE oiconnect_conformance_step
   SET got_value = NULL,
       got_message = NULL;
UPDATE auth_oauth_provider
   SET client_secret_token = NULL;
