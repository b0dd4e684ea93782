"""The ledger file: what a council's finance system is sent, and the proof that it adds up."""
