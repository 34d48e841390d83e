-- A copied database tells of no end customer. Columns are those that tickets forget in
-- time (personal.py, models/tickets/customer.py); what people wrote goes as a whole.
UPDATE oiconnect_ticket
   SET customer_name = NULL,
       customer_firstname = NULL,
       customer_contact1 = NULL,
       customer_contact2 = NULL,
       customer_hours = NULL,
       description = NULL,
       closure_comment = NULL,
       contract = NULL,
       customer_erased_on = COALESCE(customer_erased_on, now() AT TIME ZONE 'UTC');
UPDATE oiconnect_ticket_message
   SET content = NULL
 WHERE content IS NOT NULL;
UPDATE oiconnect_ticket_task
   SET instructions = NULL,
       result = NULL
 WHERE instructions IS NOT NULL
    OR result IS NOT NULL;
UPDATE oiconnect_event
   SET payload = payload - ARRAY['message_content', 'comment', 'closure_comment']
 WHERE res_model = 'oiconnect.ticket';
DELETE FROM oiconnect_ticket_decision;
-- What people wrote beside tickets, and attached to them
UPDATE mail_message
   SET body = '',
       subject = NULL
 WHERE model IN ('oiconnect.ticket', 'oiconnect.ticket.task');
UPDATE mail_mail mail
   SET body_html = NULL
  FROM mail_message message
 WHERE message.id = mail.mail_message_id
   AND message.model IN ('oiconnect.ticket', 'oiconnect.ticket.task');
DELETE FROM ir_attachment
 WHERE res_model IN ('oiconnect.ticket', 'oiconnect.ticket.task',
                     'oiconnect.ticket.message');
