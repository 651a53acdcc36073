//! `liangzheng serve`

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use futures::FutureExt;
use tokio::net::TcpListener;

use super::refusal;
use crate::app;
use crate::config::{Config, DEFAULT_PUBLIC_URL, public_url_problem};
use crate::http::{self, Web};
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;
use crate::worker::{Kinds, Worker};
use crate::{certification, imports, photos};

/// The kinds of jobs a server works.
const KINDS: Kinds = &[
    (certification::ISSUE_JOB, |web, claimed| {
        async move { certification::work_issue_job(&web.platform, &claimed).await }.boxed()
    }),
    (certification::CONFIRM_JOB, |web, claimed| {
        async move { certification::work_confirm_job(&web.platform, &claimed, &|_, _| {}).await }
            .boxed()
    }),
    (imports::JOB, |web, claimed| {
        async move { imports::work(&web.platform, claimed, &|_, _| {}).await }.boxed()
    }),
    (photos::JOB, |web, claimed| {
        async move { photos::work(&web.platform, claimed, &|_, _| {}).await }.boxed()
    }),
];

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Port to listen on.
    #[arg(long, env = "PORT", default_value_t = 8080)]
    port: u16,
    /// Address to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Also hand out metrics for Prometheus at this address and port, as `127.0.0.1:9464`; they are
    /// for whoever runs the server and never belong on a public address.
    #[arg(long, env = "METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Bring the database up to date and load the demo province into an empty one first.
    #[arg(long)]
    demo: bool,
    /// How many officers the demo has where it is loaded.
    #[arg(long, default_value_t = super::demo::OFFICERS, requires = "demo")]
    officers: usize,
}

pub(super) async fn run(mut config: Config, args: Args) -> anyhow::Result<ExitCode> {
    if config.public_url == DEFAULT_PUBLIC_URL {
        config.public_url = format!("http://localhost:{}", args.port);
    }
    if let Some(problem) = public_url_problem(config.public_url()) {
        return Err(refusal::PUBLIC_URL_INVALID.with([problem]).into());
    }
    // Taken first: a port in use is said before anything is made.
    let listener = listen(SocketAddr::new(args.listen, args.port)).await?;
    let metrics = match args.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    if args.demo {
        super::demo::ensure(&config, args.officers).await?;
    }
    let db = app::open_database(&config).await?;
    if db.is_sqlite() {
        app::migrate(&config, &db).await?;
    }
    let pending = app::pending_migrations(&db).await?;
    if pending > 0 {
        return Err(app::StartError::NotMigrated(pending).into());
    }
    let platform = app::open_platform(&config, db).await?;
    let public_url = config.public_url().to_owned();
    if args.demo {
        super::demo::announce(&config, &platform).await?;
    }
    let web = Web::new(platform, config);
    web.load_phone().await?;
    tell_of_the_font(&web).await;
    let worker = Worker::start(&web, KINDS);
    if let Some(metrics) = metrics {
        super::out(&format!("Metrics: http://{}/metrics", metrics.local_addr()?));
        let service = http::metrics::router(web.clone());
        // Ends with the process: nobody loses anything by it.
        tokio::spawn(async move { axum::serve(metrics, service).await });
    }
    super::out(&format!("GraphQL: {public_url}/graphql"));
    let service = http::router(web).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop()).await?;
    worker.stop().await;
    Ok(ExitCode::SUCCESS)
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let (port, other) = (address.port(), u32::from(address.port()) + 1);
            Err(refusal::PORT_TAKEN.with([port.to_string(), other.to_string()]).into())
        }
        Err(error) => {
            let values = [address.to_string(), error.to_string()];
            Err(refusal::LISTEN_FAILED.with(values).into())
        }
    }
}

/// Says in one line where cards cannot be drawn for want of a font; all else works without.
async fn tell_of_the_font(web: &Web) {
    let press = web.press.clone();
    if let Ok(Err(refusal)) = tokio::task::spawn_blocking(move || press.fonts().get()).await {
        let (code, message) = (refusal.code(), refusal.message(Locale::En));
        tracing::warn!(code, "{message}");
    }
}

/// Ends when the process is asked to; requests under way are finished.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
    // Whoever waits longer than this is cut off.
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        std::process::exit(0);
    });
}
