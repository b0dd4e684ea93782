"""Account holders, the rules their references follow, and what to say when they are on stop."""
