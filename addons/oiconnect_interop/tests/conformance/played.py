"""Runs of conformance, as an operator plays them."""


def start(env, operator, network, scope):
    network.is_sandbox = True
    return env["oiconnect.conformance.run"].create(
        {"operator_id": operator.id, "network_id": network.id, "scope": scope}
    )


def states(run):
    run.action_check()
    return {step.code: step.state for step in run.step_ids}


class Played:
    """Checks common to both channels."""

    def assertPassed(self, *codes):
        self.run_.action_check()
        steps = self.run_.step_ids.filtered(lambda step: step.code in codes)
        results = {step.code: (step.state, step.sent, step.got_text) for step in steps}
        self.assertEqual(set(steps.mapped("state")), {"passed"}, results)
