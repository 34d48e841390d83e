"""The resources that models declare."""


def resources(env):
    """Return ``[(model name, resource)]``, in the order of their addresses."""
    found = [
        (name, resource)
        for name, model in env.registry.items()
        if (resource := getattr(model, "_resource", None)) and not model._abstract
    ]
    return sorted(found, key=lambda pair: pair[1].path)


def resource_of(env, model_name):
    """Return the resource that a model declares, None if it declares none."""
    return getattr(env.registry[model_name], "_resource", None)
