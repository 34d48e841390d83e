# An update that says nothing new is answered with code 6.
OCAA opens ticket
OCAA sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=QUEUED
OCAA answered 6
OCAA is open
