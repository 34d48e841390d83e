"""Deliveries in the database: staging tables, checks as queries, errors."""
