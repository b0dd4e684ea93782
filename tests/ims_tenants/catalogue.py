"""What PostgreSQL's catalogue says of a schema, asked without the code that clones one.

`ims_tenants.cloning.definitions` decides what a clone gets, so it cannot be the judge of whether
something is missing. These queries look at everything a schema can hold.
"""

from __future__ import annotations

import re

from django.db import connection

# PostgreSQL prints `x IN ('a', 'b')` on text with its casts in another place once what it printed
# has been read again. The list is the same, so casts and brackets are left out of the comparison.
_CASTS = re.compile(r"::(text|character varying)(\[\])?|[()]")

QUERIES = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity, a.attgenerated, a.attcollation, a.attstorage,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
          AND a.attnum > 0 AND NOT a.attisdropped""",
    "objects": """
        SELECT relname, relkind, relpersistence, reloptions, relrowsecurity, relispartition
        FROM pg_class WHERE relnamespace = %s::regnamespace""",
    "constraints": """
        SELECT t.relname, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated,
               pg_get_constraintdef(k.oid)
        FROM pg_constraint k LEFT JOIN pg_class t ON t.oid = k.conrelid
        WHERE k.connamespace = %s::regnamespace""",
    "indexes": """
        SELECT c.relname, i.indisunique, i.indisprimary, i.indisvalid, pg_get_indexdef(c.oid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = %s::regnamespace""",
    "triggers": """
        SELECT c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal""",
    "functions": """
        SELECT proname, prosecdef, provolatile, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = %s::regnamespace""",
    "sequences": """
        SELECT s.relname, q.seqtypid::regtype::text, q.seqstart, q.seqincrement, q.seqmax,
               q.seqcycle, t.relname, d.refobjsubid
        FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid
        JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('i', 'a')
        JOIN pg_class t ON t.oid = d.refobjid
        WHERE s.relnamespace = %s::regnamespace""",
    "types": """
        SELECT typname, typtype FROM pg_type
        WHERE typnamespace = %s::regnamespace AND typtype NOT IN ('c', 'b')""",
    "comments": """
        SELECT c.relname, d.objsubid, d.description
        FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
        WHERE c.relnamespace = %s::regnamespace""",
}


def catalogue(schema_name: str) -> dict[str, list[str]]:
    """Every fact of a schema by kind, sorted, with the schema's own name taken out."""
    found = {}
    with connection.cursor() as cursor:
        for kind, query in QUERIES.items():
            cursor.execute(query, [schema_name])
            rows = [str(row).replace(schema_name, "HERE") for row in cursor.fetchall()]
            found[kind] = sorted(_CASTS.sub("", row) for row in rows)
    return found
