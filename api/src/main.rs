//! The binary: sets up the allocator and the log, and runs the command line.

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| EnvFilter::new("warn,api=info,liangzheng=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    api::cli::run().await
}
