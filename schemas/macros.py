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
    """CREATE OR REPLACE MACRO instant(x) AS
    CASE WHEN x[5] = '-' THEN text_instant(x)
         WHEN is_number(x) THEN number_instant(x)
         ELSE text_instant(x) END""",
    """CREATE OR REPLACE MACRO lacks_zone(x) AS
    CASE WHEN suffix(x, 'Z') THEN false
         WHEN x[5] = '-' THEN NOT regexp_matches(x,
           '([zZ]|UTC|GMT|:[0-9.]+ ?[+-][0-9]{2}(:?[0-9]{2})?)$')
         ELSE NOT is_number(x) OR length(split_part(x, '.', 1)) = 14 END""",
)


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros on a connection, and let its session be in UTC."""
    connection.execute("SET TimeZone = 'UTC'")
    for macro in MACROS:
        connection.execute(macro)
