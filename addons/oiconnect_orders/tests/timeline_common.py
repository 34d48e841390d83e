from odoo.tests import new_test_user


class TimelineReader:
    """Reads the story of an order as the web client does, for any case of orders."""

    def _user(self, *groups):
        names = [f"oiconnect_base.group_{name}" for name in groups]
        return new_test_user(
            self.env, "_".join(groups), ",".join(names), lang="fr_FR", name="Camille"
        )

    def _read(self, order, user=None):
        """Return what the web client is given, the oldest entry first."""
        self.env.flush_all()
        self.env.invalidate_all()
        user = user or self.env.user
        order = order.with_user(user).with_context(lang=user.lang)
        [values] = order.web_read({"timeline": {}})
        return values["timeline"][::-1]

    def assertNoMoreQueries(self, short, long, user, longer):
        """``long`` has more than ``longer`` entries more, and costs no more."""
        self._read(short, user)
        counts, lengths = [], []
        for order in (short, long):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lengths.append(len(order.with_user(user).timeline))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreater(lengths[1], lengths[0] + longer)
        self.assertLessEqual(counts[1], counts[0])
