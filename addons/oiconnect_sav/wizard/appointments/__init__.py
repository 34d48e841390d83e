from . import appointment_choice
