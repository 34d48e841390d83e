-- Keys of the API open the real one only.
UPDATE oiconnect_api_key
   SET secret_digest = NULL,
       pepper_token = NULL;
DELETE FROM oiconnect_api_replay;
DELETE FROM oiconnect_api_address;
-- No webhook receives the events of a copy.
DELETE FROM oiconnect_webhook_delivery;
DELETE FROM oiconnect_event
 WHERE channel = 'webhook';
UPDATE oiconnect_webhook
   SET url = 'https://neutralized.invalid',
       active = FALSE,
       secret_token = NULL,
       former_secret_token = NULL;
