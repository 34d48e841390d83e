def post_init_hook(env):
    close_registration(env)


def close_registration(env):
    """Let people in by invitation only; Odoo's portal lets anybody register."""
    env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
