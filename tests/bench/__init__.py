"""Speed and size against their budgets."""
