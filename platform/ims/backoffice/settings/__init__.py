"""The admin console: one set of pages for every kind of setting (ims_kernel.records)."""
