"""Customers who do not exist, and how to reach them."""

NAMES = (
    "EXEMPLE MODELE SPECIMEN FICTIF ESSAI TEST GABARIT PROTOTYPE MAQUETTE ECHANTILLON "
    "PATRON ETALON CANEVAS ESQUISSE EBAUCHE BROUILLON FANTOME IMAGINE PERSONNE QUIDAM"
).split()
FIRST_NAMES = (
    "CAMILLE ALIX SACHA CLAUDE DOMINIQUE MORGAN ANDREA CHARLIE LOU EDEN NOA MAXIME "
    "ALEX LENNY ROMANE ELIOTT JUNE SWANN LEO INES ZOE HUGO LINA AXEL NINA"
).split()


def customer(number):
    """Return the customer of the ``number``-th order: the same each time."""
    return {
        "customer_name": NAMES[number * 7 % len(NAMES)],
        "customer_firstname": FIRST_NAMES[number * 11 % len(FIRST_NAMES)],
        "customer_contact1": f"0600000{number % 1000:03d}",
        "customer_contact2": f"01000000{number % 100:02d}",
    }
