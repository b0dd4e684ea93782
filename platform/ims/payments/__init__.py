"""The council's accounts with payment providers, and the providers behind one port."""
