from . import cofinancing
