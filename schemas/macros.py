"""SQL macros that mappers may use, and the reading of time in every form that providers write.

A number is told by its count of digits before the point: up to 11 seconds, 12 or 13 milliseconds,
14 a compact date and time (20240124103015.789, Salesforce), 15 or 16 microseconds, 17 to 19
nanoseconds, all since 1970 where not a date. Anything finer than a microsecond is cut.
"""

import duckdb

MACROS = (
    # What identifies a record without an id: its text, whatever the line ends with.
    """CREATE OR REPLACE MACRO record_hash(x) AS md5(trim(x, E' \\r\\n'))""",
    """CREATE OR REPLACE MACRO number_instant(x) AS
    CASE length(split_part(ltrim(x, '-'), '.', 1))
      WHEN 14 THEN coalesce(
        try_strptime(x, '%Y%m%d%H%M%S.%g'), try_strptime(x, '%Y%m%d%H%M%S'))
      WHEN 12 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT) * 1000)
      WHEN 13 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT) * 1000)
      WHEN 15 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT))
      WHEN 16 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT))
      WHEN 17 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT) // 1000)
      WHEN 18 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT) // 1000)
      WHEN 19 THEN make_timestamp(try_cast(split_part(x, '.', 1) AS BIGINT) // 1000)
      ELSE make_timestamp(CAST(round(try_cast(x AS DECIMAL(28, 6)) * 1000000) AS BIGINT))
    END""",
    """CREATE OR REPLACE MACRO is_number(x) AS regexp_full_match(x, '-?[0-9]{1,19}([.][0-9]*)?')""",
    # The cast heeds a zone only on its way to TIMESTAMPTZ; without one it takes the session's, UTC.
    """CREATE OR REPLACE MACRO text_instant(x) AS
    make_timestamp(epoch_us(try_cast(x AS TIMESTAMPTZ)))""",
    # RFC 1123: Sun, 01 Nov 2026 10:00:00 GMT
    r"""CREATE OR REPLACE MACRO rfc_1123_rewritten(x) AS
    CASE WHEN regexp_matches(x, '^([A-Z]{3}, )?[0-9]{1,2} [A-Z]{3} [0-9]{4} ')
      THEN regexp_extract(x, '[A-Z]{3} ([0-9]{4})', 1) || '-' || coalesce(list_position(
        ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
        regexp_extract(x, '[0-9] ([A-Z]{3}) ', 1)), 0) || '-' ||
        regexp_extract(x, '([0-9]{1,2}) [A-Z]{3} ', 1) || ' ' ||
        regexp_extract(x, '[A-Z]{3} [0-9]{4} (.*)$', 1)
      ELSE x END""",
    # What the cast does not take: small letters, a compact date, a comma before the fraction, the
    # name of a zone in brackets or after its offset.
    r"""CREATE OR REPLACE MACRO rewritten(x) AS
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
      rfc_1123_rewritten(upper(x)),
      '^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})', '\1-\2-\3T\4:\5:\6'),
      '(:[0-9]{2}),([0-9])', '\1.\2'),
      '(Z|:[0-9]{2}([.][0-9]*)? ?[+-][0-9]{2}(:?[0-9]{2})?) ?\[?[A-Z_/]+\]?$', '\1'),
      ' ([+-][0-9]{2}:?[0-9]{2})$', '\1'),
      '\[([A-Z_/]+)\]$', ' \1')""",
    # A second that was put in (23:59:60) is the first of the next minute.
    r"""CREATE OR REPLACE MACRO leap_second_instant(x) AS
    text_instant(regexp_replace(x, '(T| )([0-9]{2}:[0-9]{2}):60', '\1\2:59'))
      + INTERVAL 1 SECOND""",
    # Each use of a macro is planned by itself, with all its regular expressions: a value that is
    # used twice is named by a lambda.
    """CREATE OR REPLACE MACRO rare_instant(x) AS
    list_transform([rewritten(x)], lambda r:
      CASE WHEN regexp_matches(x, '[0-9]:60') THEN leap_second_instant(r)
           ELSE text_instant(r) END)[1]""",
    # What is rare is tried only where the cast finds nothing.
    """CREATE OR REPLACE MACRO instant(x) AS
    CASE WHEN CASE WHEN x[5] = '-' THEN false ELSE is_number(x) END THEN number_instant(x)
         ELSE coalesce(text_instant(x), rare_instant(x)) END""",
    r"""CREATE OR REPLACE MACRO names_zone(x) AS regexp_matches(x,
      '([zZ]|:[0-9]{2}([.,][0-9]*)? ?[+-][0-9]{2}(:?[0-9]{2})?|[^A-Za-z][A-Z]{3,5}|/[A-Za-z_]+)\]?$'
    )""",
    """CREATE OR REPLACE MACRO lacks_zone(x) AS
    CASE WHEN suffix(x, 'Z') THEN false
         WHEN x[5] = '-' THEN NOT names_zone(x)
         WHEN is_number(x) THEN length(split_part(x, '.', 1)) = 14
         ELSE NOT names_zone(x) END""",
)


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros on a connection, and let its session be in UTC."""
    connection.execute("SET TimeZone = 'UTC'")
    for macro in MACROS:
        connection.execute(macro)
