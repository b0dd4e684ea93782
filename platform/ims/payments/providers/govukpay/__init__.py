"""GOV.UK Pay."""
