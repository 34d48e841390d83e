-- A copied database tells of no end customer. Columns are those that orders forget in
-- time (personal.py, access_order_forget.py, appointment_customer.py); texts in which a
-- customer may be named are emptied whole: they are not read one by one here.
UPDATE oiconnect_access_order
   SET customer_name = NULL,
       customer_firstname = NULL,
       customer_contact1 = NULL,
       customer_contact2 = NULL,
       comment = NULL,
       info = NULL,
       reason_comment = NULL,
       proposed_comment = NULL,
       customer_erased_on = COALESCE(customer_erased_on, now() AT TIME ZONE 'UTC');
UPDATE oiconnect_appointment
   SET comment = NULL,
       address = NULL
 WHERE comment IS NOT NULL
    OR address IS NOT NULL;
UPDATE oiconnect_decision
   SET note = NULL,
       controls = NULL
 WHERE note IS NOT NULL
    OR controls IS NOT NULL;
UPDATE oiconnect_workflow_step
   SET note = NULL
 WHERE note IS NOT NULL;
-- Messages to operators keep their keys.
UPDATE oiconnect_event
   SET error = NULL,
       payload = (
           SELECT COALESCE(jsonb_object_agg(key, CASE
                      WHEN key IN ('customer_name', 'customer_firstname',
                                   'customer_contact1', 'customer_contact2',
                                   'comment', 'info')
                        OR key LIKE 'info\_%' THEN 'null'::jsonb
                      ELSE value END), '{}')
             FROM jsonb_each(payload)
       );
-- Forms that were begun, and exports that were requested
DELETE FROM oiconnect_access_order_new;
DELETE FROM oiconnect_access_order_override;
DELETE FROM oiconnect_access_order_decision;
DELETE FROM oiconnect_access_order_route;
DELETE FROM oiconnect_appointment_choice;
DELETE FROM oiconnect_customer_export;
-- What people wrote beside orders and visits, and attached to them
UPDATE mail_message
   SET body = '',
       subject = NULL
 WHERE model IN ('oiconnect.access.order', 'oiconnect.appointment');
UPDATE mail_tracking_value change
   SET old_value_char = NULL,
       new_value_char = NULL,
       old_value_text = NULL,
       new_value_text = NULL
  FROM ir_model_fields field
 WHERE field.id = change.field_id
   AND field.model IN ('oiconnect.access.order', 'oiconnect.appointment')
   AND field.ttype IN ('char', 'text', 'html');
UPDATE mail_mail mail
   SET body_html = NULL
  FROM mail_message message
 WHERE message.id = mail.mail_message_id
   AND message.model IN ('oiconnect.access.order', 'oiconnect.appointment');
DELETE FROM ir_attachment
 WHERE res_model IN ('oiconnect.access.order', 'oiconnect.appointment',
                     'oiconnect.customer.export');
