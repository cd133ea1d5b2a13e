"""The web kit every slice uses: access, sign-in, forms, languages, headers, errors."""
