//! One SQL text for both engines: types stand in braces and are written out here.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A type in the text, what SQLite calls it, what PostgreSQL calls it. Text that is sorted is
/// compared by bytes on both, so that pages come in the same order everywhere.
const TYPES: [(&str, &str, &str); 11] = [
    ("{uuid}", "BLOB", "uuid"),
    ("{text}", "TEXT", "text"),
    ("{sorted}", "TEXT", "text COLLATE \"C\""),
    ("{int}", "INTEGER", "integer"),
    ("{long}", "INTEGER", "bigint"),
    ("{ts}", "TEXT", "timestamptz"),
    ("{day}", "TEXT", "date"),
    ("{bytes}", "BLOB", "bytea"),
    ("{json}", "TEXT", "jsonb"),
    ("{bool}", "INTEGER", "boolean"),
    ("{strict}", " STRICT", ""),
];

/// Runs the statements of `sql`, which end with `;` at a line's end.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let mut text: String =
        sql.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    for (token, on_sqlite, on_postgres) in TYPES {
        text = text.replace(token, if sqlite { on_sqlite } else { on_postgres });
    }
    for statement in text.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
