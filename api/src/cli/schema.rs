//! `liangzheng schema`

use std::process::ExitCode;

#[expect(clippy::unnecessary_wraps, reason = "every command has one shape")]
pub(super) fn run() -> anyhow::Result<ExitCode> {
    super::out(crate::schema::sdl().trim_end());
    Ok(ExitCode::SUCCESS)
}
