"""Roads to the discussion of a record: by which one gets in, and by which one lies.

Each takes a record as a person of ours has it, and who it should not reach.
"""

# What warns of each refusal
QUIET = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.mail.models.mail_scheduled_message",
    "odoo.addons.mail.models.mail_mail",
    "odoo.models.unlink",
    "odoo.orm.models",
    "odoo.sql_db",
)


def link(number):
    return (4, number)


def put(numbers):
    return (6, 0, numbers)


def new(values):
    return (0, 0, values)


def threads(env):
    """Return the models of ours that have a discussion, and records."""
    thread = env.registry["mail.thread"]
    return sorted(
        name
        for name, model in env.registry.items()
        if issubclass(model, thread)
        and not model._abstract
        and not model._transient
        and (model._original_module or "").startswith("oiconnect")
    )


def make(env, model):
    """Return a record of a model of which the demo has none."""
    network = env["oiconnect.network"].search([], limit=1)
    operator = env["oiconnect.operator"].search([], limit=1)
    shared = {"network_id": network.id, "name": "Essai"}
    mine = {"operator_id": operator.id, "company_id": network.company_id.id}
    values = {
        "oiconnect.billing.dispute": mine
        | {"name": "Essai", "received_date": "2026-01-01", "checksum": "essai"},
        "oiconnect.billing.run": {"network_id": network.id, "month": "2026-01-01"},
        "oiconnect.gracethd.export": {"network_id": network.id},
        "oiconnect.import.source": shared | {"host": "sftp.example", "login": "essai"},
        "oiconnect.scheduled.report": {},
        "oiconnect.webhook": shared | {"url": "https://example.com/essai"},
    }
    if model == "oiconnect.api.key":
        values = {"name": "Essai", "network_ids": [put(network.ids)]}
        return env[model]._make(mine | values)[0]
    return env[model].create(values[model])


def subtypes(env, model):
    """Return the kinds of messages that a record of the model may have."""
    return env["mail.message.subtype"].search(
        ["|", ("res_model", "=", False), ("res_model", "=", model)]
    )


# ----------------------------------------------------------------------
# Notifications
# ----------------------------------------------------------------------


def subscribe(record, outsider):
    record.message_subscribe(outsider.ids)


def subscribe_oneself(record, outsider):
    record.with_user(outsider.user_ids).message_subscribe(outsider.ids)


def subscribe_to_everything(record, outsider):
    every = subtypes(record.env, record._name).ids
    record.message_subscribe(outsider.ids, every)


def write_partners(record, outsider):
    record.write({"message_partner_ids": [link(outsider.id)]})


def write_followers(record, outsider):
    values = {"res_model": record._name, "partner_id": outsider.id}
    record.write({"message_follower_ids": [new(values)]})


def create_follower(record, outsider):
    record.env["mail.followers"].create(
        {"res_model": record._name, "res_id": record.id, "partner_id": outsider.id}
    )


def turn_follower(record, outsider):
    record.message_subscribe(record.env.user.partner_id.ids)
    own = record.message_follower_ids.filtered(
        lambda one: one.partner_id == record.env.user.partner_id
    )
    own.write({"partner_id": outsider.id})


def import_followers(record, outsider):
    names = ["res_model", "res_id", "partner_id/.id"]
    rows = [[record._name, str(record.id), str(outsider.id)]]
    record.env["mail.followers"].load(names, rows)


def import_partners(record, outsider):
    record.load(
        [".id", "message_partner_ids/.id"], [[str(record.id), str(outsider.id)]]
    )


def invite(record, outsider):
    record.env["mail.followers.edit"].create(
        {
            "res_model": record._name,
            "res_ids": str(record.ids),
            "partner_ids": [put(outsider.ids)],
            "message": "Venez",
            "notify": True,
        }
    ).edit_followers()


def follow_by_context(record, outsider):
    record.with_context(mail_post_autofollow=True).message_post(
        body="Entre nous",
        partner_ids=outsider.ids,
        subtype_xmlid="mail.mt_comment",
    )


def mention(record, outsider):
    record.message_post(
        body="Entre nous", partner_ids=outsider.ids, message_type="comment"
    )


def post_to_address(record, outsider):
    record.message_post(body="Entre nous", outgoing_email_to=outsider.email)


def post_as_to_operator(record, outsider):
    """The marks of our own code, as JSON says them."""
    for mark in (True, 1, "object", {}):
        marked = record.with_context(oiconnect_to_operator=mark, oiconnect_posted=mark)
        marked.message_post(
            body="Entre nous",
            partner_ids=outsider.ids,
            subtype_xmlid="oiconnect_base.message_subtype_operator",
        )


def notify(record, outsider):
    record.message_notify(body="Entre nous", partner_ids=outsider.ids)


def notify_by_model(record, outsider):
    record.env["mail.thread"].message_notify(
        body="Entre nous",
        partner_ids=outsider.ids,
        model=record._name,
        res_id=record.id,
    )


def compose(record, outsider):
    _compose(record, outsider, "comment")


def compose_mass_mail(record, outsider):
    _compose(record, outsider, "mass_mail")


def _compose(record, outsider, mode):
    record.env["mail.compose.message"].create(
        {
            "composition_mode": mode,
            "model": record._name,
            "res_ids": str(record.ids),
            "partner_ids": [put(outsider.ids)],
            "subject": "Entre nous",
            "body": "Entre nous",
        }
    )._action_send_mail()


def template(record, outsider):
    _template(record, {"partner_to": str(outsider.id)}, {})


def template_to_address(record, outsider):
    _template(record, {"email_to": outsider.email}, {})


def template_to_whom_the_call_says(record, outsider):
    _template(record, {}, {"recipient_ids": [link(outsider.id)]})


def _template(record, values, given):
    made = record.env["mail.template"].create(
        {
            "name": "Essai",
            "model_id": record.env["ir.model"]._get_id(record._name),
            "subject": "Entre nous",
            "body_html": "<p>Entre nous</p>",
            "use_default_to": False,
            **values,
        }
    )
    if given is not None:
        made.send_mail(record.id, email_values=given)
    return made


def mail_with_source(record, outsider):
    made = _template(record, {"partner_to": str(outsider.id)}, None)
    record.message_mail_with_source(made)


def post_with_source(record, outsider):
    made = _template(record, {"partner_to": str(outsider.id)}, None)
    record.message_post_with_source(made)


def create_message(record, outsider):
    record.env["mail.message"].create(
        {
            "model": record._name,
            "res_id": record.id,
            "body": "Entre nous",
            "partner_ids": [link(outsider.id)],
        }
    )


def bring_message(record, outsider):
    message = record.env["mail.message"].create(
        {"body": "Entre nous", "partner_ids": [link(outsider.id)]}
    )
    message.write({"model": record._name, "res_id": record.id})


def write_recipients(record, outsider):
    message = record.message_post(body="Entre nous", message_type="comment")
    message.write({"partner_ids": [link(outsider.id)]})


def update_recipients(record, outsider):
    message = record.message_post(body="Entre nous", message_type="comment")
    record._message_update_content(message, body="Oui", partner_ids=outsider.ids)


def create_notification(record, outsider):
    message = record.message_post(body="Entre nous", message_type="comment")
    record.env["mail.notification"].create(
        {"mail_message_id": message.id, "res_partner_id": outsider.id}
    )


def turn_notification(record, outsider):
    env = record.env
    message = record.message_post(body="Entre nous", message_type="comment")
    notification = env["mail.notification"].create(
        {"mail_message_id": message.id, "res_partner_id": env.user.partner_id.id}
    )
    notification.write({"res_partner_id": outsider.id})


def create_mail(record, outsider):
    record.env["mail.mail"].create(
        {
            "model": record._name,
            "res_id": record.id,
            "body_html": "Entre nous",
            "recipient_ids": [link(outsider.id)],
        }
    )


def mail_message(record, outsider):
    message = record.message_post(body="Entre nous", message_type="comment")
    record.env["mail.mail"].create(
        {"mail_message_id": message.id, "email_to": outsider.email}
    )


def schedule_message(record, outsider):
    record.env["mail.scheduled.message"].create(
        {
            "model": record._name,
            "res_id": record.id,
            "author_id": record.env.user.partner_id.id,
            "body": "Entre nous",
            "scheduled_date": "2099-01-01",
            "partner_ids": [link(outsider.id)],
        }
    ).post_message()


def activity(record, outsider):
    record.env["mail.activity"].create(
        {
            "res_model_id": record.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            "user_id": outsider.user_ids.id,
            "summary": "Entre nous",
        }
    )


def assign(record, outsider):
    """A user field that subscribes whom it names, as Odoo does by itself."""
    record._message_auto_subscribe({"user_id": outsider.user_ids.id}, "update")
    record._message_subscribe(outsider.ids)


def reply_by_mail(record, outsider):
    _process(record, outsider, f"Cc: {outsider.email}\n")


def _process(record, outsider, more=""):
    text = (
        f"From: {outsider.email}\nTo: nous@example.com\n{more}Subject: Re\n"
        f"Message-Id: <{record._name}.{record.id}.{id(record)}@example.com>\n\nFaux\n"
    )
    record.env["mail.thread"].message_process(record._name, text, thread_id=record.id)


IN = (
    subscribe,
    subscribe_oneself,
    subscribe_to_everything,
    write_partners,
    write_followers,
    create_follower,
    turn_follower,
    import_followers,
    import_partners,
    invite,
    follow_by_context,
    mention,
    post_to_address,
    post_as_to_operator,
    notify,
    notify_by_model,
    compose,
    compose_mass_mail,
    template,
    template_to_address,
    template_to_whom_the_call_says,
    mail_with_source,
    post_with_source,
    create_message,
    bring_message,
    write_recipients,
    update_recipients,
    create_notification,
    turn_notification,
    create_mail,
    mail_message,
    schedule_message,
    activity,
    assign,
    reply_by_mail,
)

# ----------------------------------------------------------------------
# To lie: in the name of another, elsewhere, at another time
# ----------------------------------------------------------------------


def post_as(record, other):
    record.message_post(
        body="Faux",
        author_id=other.id,
        email_from=other.email_formatted,
        reply_to=other.email,
        date="2001-01-01",
        message_type="comment",
    )


def post_by_address(record, other):
    record.message_post(body="Faux", email_from=other.email_formatted)


def post_as_mail(record, other):
    record.message_post(
        body="Faux", message_type="email", author_id=other.id, email_from=other.email
    )


def notify_as(record, other):
    record.message_notify(
        body="Faux",
        author_id=other.id,
        partner_ids=record.env.user.partner_id.ids,
    )


def create_as(record, other):
    record.env["mail.message"].create(_forged(record, other))


def create_by_default(record, other):
    context = {f"default_{name}": v for name, v in _forged(record, other).items()}
    record.env["mail.message"].with_context(**context).create({})


def create_without_place(record, other):
    values = _forged(record, other)
    place = {name: values.pop(name) for name in ("model", "res_id")}
    record.env["mail.message"].create(values).write(place)


def _forged(record, other):
    return {
        "model": record._name,
        "res_id": record.id,
        "body": "Faux",
        "author_id": other.id,
        "email_from": other.email,
        "date": "2001-01-01",
    }


def import_as(record, other):
    record.env["mail.message"].load(
        ["model", "res_id", "body", "author_id/.id"],
        [[record._name, str(record.id), "Faux", str(other.id)]],
    )


def compose_as(record, other):
    _compose_as(record, other, "comment")


def compose_mass_mail_as(record, other):
    _compose_as(record, other, "mass_mail")


def _compose_as(record, other, mode):
    record.env["mail.compose.message"].create(
        {
            "composition_mode": mode,
            "model": record._name,
            "res_ids": str(record.ids),
            "partner_ids": [put(record.env.user.partner_id.ids)],
            "author_id": other.id,
            "email_from": other.email_formatted,
            "subject": "Faux",
            "body": "Faux",
        }
    )._action_send_mail()


def template_as(record, other):
    given = {
        "author_id": other.id,
        "email_from": other.email_formatted,
        "body_html": "Faux",
        "recipient_ids": [link(record.env.user.partner_id.id)],
    }
    _template(record, {}, given)


def create_mail_as(record, other):
    values = _forged(record, other)
    record.env["mail.mail"].create(values | {"email_to": record.env.user.email})


def schedule_as(record, other):
    record.env["mail.scheduled.message"].create(
        {
            "model": record._name,
            "res_id": record.id,
            "author_id": other.id,
            "body": "Faux",
            "scheduled_date": "2099-01-01",
            "notification_parameters": '{"email_from": "%s"}' % other.email,
        }
    ).post_message()


def receive_as(record, other):
    _process(record, other)


def post_tracking(record, other):
    field = record.env["ir.model.fields"]._get(record._name, "id")
    values = {"field_id": field.id, "old_value_char": "a", "new_value_char": "Faux"}
    record.message_post(body="Faux", tracking_value_ids=[new(values)])


AS = (
    post_as,
    post_by_address,
    post_as_mail,
    notify_as,
    create_as,
    create_by_default,
    create_without_place,
    import_as,
    compose_as,
    compose_mass_mail_as,
    template_as,
    create_mail_as,
    schedule_as,
    receive_as,
    post_tracking,
)

# ----------------------------------------------------------------------
# To change what was written
# ----------------------------------------------------------------------


def write_body(message, _file):
    message.write({"body": "Autre chose"})


def write_author(message, _file):
    message.write({"author_id": message.env.ref("base.partner_admin").id})


def write_date(message, _file):
    message.write({"date": "2001-01-01"})


def hide(message, _file):
    message.write({"is_internal": True, "subtype_id": False})


def move(message, _file):
    message.write({"res_id": message.res_id + 1})


def take_files(message, _file):
    message.write({"attachment_ids": [put([])]})


def import_body(message, _file):
    message.load([".id", "body"], [[str(message.id), "Autre chose"]])


def erase(message, _file):
    message.unlink()


def erase_with_mail(message, _file):
    mail = message.env["mail.mail"].create(
        {"mail_message_id": message.id, "is_notification": False}
    )
    mail.unlink()


def write_by_mail(message, _file):
    mail = message.env["mail.mail"].create({"mail_message_id": message.id})
    mail.write({"body": "Autre chose"})


def write_subtype(message, _file):
    message.subtype_id.write({"name": "Autre chose"})


def erase_subtype(message, _file):
    message.subtype_id.unlink()


def write_file(_message, file):
    file.write({"raw": b"Autre chose"})


def rename_file(_message, file):
    file.write({"name": "autre.txt"})


def move_file(_message, file):
    file.write({"res_model": False, "res_id": False})


def erase_file(_message, file):
    file.unlink()


def erase_file_by_page(message, file):
    file.sudo()._delete_and_notify(message.sudo())


def update_late(message, _file):
    record = message.env[message.model].browse(message.res_id)
    record._message_update_content(message.sudo(), body="Autre chose")


def update_without_check(message, _file):
    record = message.env[message.model].browse(message.res_id)
    record._message_update_content(message.sudo(), body="Autre", strict=False)


def write_tracking(message, _file):
    message.env["mail.tracking.value"].create(
        {
            "mail_message_id": message.id,
            "field_id": message.env["ir.model.fields"]._get(message.model, "id").id,
        }
    )


def open_file(_message, file):
    file.generate_access_token()
    file.write({"access_token": "ouvert"})


CHANGES = (
    write_body,
    write_author,
    write_date,
    hide,
    move,
    take_files,
    import_body,
    erase,
    erase_with_mail,
    write_by_mail,
    write_subtype,
    erase_subtype,
    write_file,
    rename_file,
    move_file,
    erase_file,
    erase_file_by_page,
    update_late,
    update_without_check,
    write_tracking,
    open_file,
)
