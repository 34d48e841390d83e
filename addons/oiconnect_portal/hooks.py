def post_init_hook(env):
    env.ref("oiconnect_portal.group_space_admin")._require_two_factors()
