//! Certification on a real database: a county with a justice department that issues, a
//! transport bureau, and people in every duty.

mod acts;
mod bulk_issue;
mod way;
mod world;
