-- A copy is another system. By the secret of the real one, links that set a new password
-- there, and the marks that protect its forms, could be made in the copy: Odoo changes it
-- in the copies that it makes itself.
UPDATE ir_config_parameter
   SET value = gen_random_uuid()::text
 WHERE key IN ('database.secret', 'database.uuid');
-- Mail servers are archived by Odoo, with their passwords.
UPDATE ir_mail_server
   SET smtp_pass = NULL
 WHERE smtp_pass IS NOT NULL;
UPDATE fetchmail_server
   SET password = NULL
 WHERE password IS NOT NULL;
-- Keys by which users' programs call the real one
DELETE FROM res_users_apikeys;
-- Nor is anybody let in by the provider of the real one.
UPDATE auth_oauth_provider
   SET enabled = FALSE,
       client_secret = NULL;
DELETE FROM oiconnect_password_request;
-- Mails to operators that have not left: what is written in them is of end customers too
DELETE FROM mail_mail mail
 USING mail_message message, mail_message written, ir_model_data subtype
 WHERE message.id = mail.mail_message_id
   AND written.id = message.parent_id
   AND subtype.module = 'oiconnect_base'
   AND subtype.name = 'message_subtype_operator'
   AND written.subtype_id = subtype.res_id;
