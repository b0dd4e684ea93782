"""What every part needs and no council word names: money, errors, time, people, pages."""
