"""Discussions of our records are ours: operators' people leave them.

A contact of an operator could follow a record, and receive what was written there and
the tokens of its files. Messages and who was told of them stay, as evidence.
"""

from odoo.addons.oiconnect_base.discussion import LIKE_OURS

FOLLOWERS = """
DELETE FROM mail_followers follower
 USING res_partner partner
 WHERE partner.id = follower.partner_id
   AND COALESCE(partner.partner_share, TRUE)
   AND follower.res_model LIKE %(ours)s
"""
NOTIFICATIONS = """
DELETE FROM mail_notification told
 USING mail_message message
 WHERE message.id = told.mail_message_id
   AND message.model LIKE %(ours)s
   AND told.notification_status IN ('ready', 'process', 'exception')
   AND NOT EXISTS (SELECT FROM res_partner partner
                    WHERE partner.id = told.res_partner_id
                      AND NOT partner.partner_share)
"""
# Mails of discussions that have not left; those of our templates are no notifications.
RECIPIENTS = """
DELETE FROM mail_mail_res_partner_rel recipient
 USING mail_mail mail, mail_message message, res_partner partner
 WHERE mail.id = recipient.mail_mail_id
   AND message.id = mail.mail_message_id
   AND partner.id = recipient.res_partner_id
   AND mail.is_notification
   AND mail.state IN ('outgoing', 'exception')
   AND message.model LIKE %(ours)s
   AND COALESCE(partner.partner_share, TRUE)
"""
MAILS = """
UPDATE mail_mail mail
   SET state = 'cancel', email_to = NULL, email_cc = NULL
  FROM mail_message message
 WHERE message.id = mail.mail_message_id
   AND mail.is_notification
   AND mail.state IN ('outgoing', 'exception')
   AND message.model LIKE %(ours)s
   AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel recipient
                    WHERE recipient.mail_mail_id = mail.id)
"""
SCHEDULED = """
DELETE FROM mail_scheduled_message_res_partner_rel recipient
 USING mail_scheduled_message message, res_partner partner
 WHERE message.id = recipient.mail_scheduled_message_id
   AND partner.id = recipient.res_partner_id
   AND message.model LIKE %(ours)s
   AND COALESCE(partner.partner_share, TRUE)
"""
TOKENS = """
UPDATE ir_attachment
   SET access_token = NULL
 WHERE res_model LIKE %(ours)s
   AND access_token IS NOT NULL
"""
# Who follows messages follows those to the operator.
SUBTYPE = """
INSERT INTO mail_followers_mail_message_subtype_rel
       (mail_followers_id, mail_message_subtype_id)
SELECT follower.id, added.res_id
  FROM mail_followers follower
  JOIN mail_followers_mail_message_subtype_rel followed
    ON followed.mail_followers_id = follower.id
  JOIN ir_model_data comment
    ON comment.module = 'mail' AND comment.name = 'mt_comment'
       AND comment.res_id = followed.mail_message_subtype_id
  JOIN ir_model_data added
    ON added.module = 'oiconnect_base' AND added.name = 'message_subtype_operator'
 WHERE follower.res_model LIKE %(ours)s
    ON CONFLICT DO NOTHING
"""


def migrate(cr, version):
    for query in (
        FOLLOWERS,
        NOTIFICATIONS,
        RECIPIENTS,
        MAILS,
        SCHEDULED,
        TOKENS,
        SUBTYPE,
    ):
        cr.execute(query, {"ours": LIKE_OURS})
