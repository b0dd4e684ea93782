"""What every part of the service needs and no council word names: money, errors, time, people, pages."""
