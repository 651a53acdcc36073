//! Training and exams in GraphQL: parse, one use-case, map. Workbooks come and go by REST.

mod mutations;
mod queries;
mod types;
mod uploads;

pub use mutations::TrainingMutation;
pub use queries::{TrainingQuery, find_session, find_sitting, find_upload};
pub use types::{ExamSitting, TrainingSession};
pub use uploads::TrainingUpload;
