"""What every page needs: layout, forms, errors, paging."""
