"""A council's settings out of the CSV dump of an existing LocalGov IMS database.

`dump` reads tables, one module a family of tables says what becomes of them, `settling` keeps what
the service takes, and `report` says in words what it does not.
"""
