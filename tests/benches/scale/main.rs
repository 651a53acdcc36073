//! A province at once: a roster, photos in one ZIP, certificates in bulk and cards as PDF, through
//! the built server, with wall time and peak memory of each step. Everything is done at three sizes, a
//! tenth, a half and the whole, so that it can be read off whether memory grows with the size. Run by
//! `make bench-scale`; prints the table.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark may fail by panicking, and says what it does"
)]

mod inputs;
mod process;
mod session;
mod steps;

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Context;
use api::platform::clock::{Clock as _, SystemClock, local_date};
use inputs::Province;
use process::{Cost, Deployment};
use sea_orm::ConnectionTrait as _;

/// How much is done.
#[derive(Clone, Copy)]
struct Size {
    rows: usize,
    photos: usize,
    certificates: usize,
    cards: usize,
}

/// A province of 100,000 officers (domain §7).
const WHOLE: Size = Size { rows: 100_000, photos: 20_000, certificates: 20_000, cards: 2_000 };

impl Size {
    /// So many thousandths of it.
    fn part(self, thousandths: usize) -> Self {
        let part = |count: usize| (count * thousandths / 1_000).max(1);
        Self {
            rows: part(self.rows),
            photos: part(self.photos),
            certificates: part(self.certificates),
            cards: part(self.cards),
        }
    }
}

/// A step at one size.
struct Step {
    what: &'static str,
    count: usize,
    cost: Cost,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // `cargo test` starts benchmarks too, to see that they start.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let percent: usize = std::env::var("LZ_BENCH_PERCENT")
        .map_or(Ok(100), |p| p.parse())
        .context("LZ_BENCH_PERCENT")?;
    let postgres = std::env::var("LZ_BENCH_ENGINE").is_ok_and(|engine| engine == "postgres");
    let mut columns = Vec::new();
    for (number, thousandths) in [percent, percent * 5, percent * 10].into_iter().enumerate() {
        let folder = tempfile::tempdir()?;
        let database = if postgres { Some(new_database(number).await?) } else { None };
        let deployment = Deployment { folder: folder.path().to_owned(), database };
        columns.push(measure(&deployment, WHOLE.part(thousandths)).await?);
    }
    let engine = if postgres { "PostgreSQL" } else { "SQLite" };
    println!("On {engine}, {}:\n\n{}", machine(), table(&columns)?);
    Ok(())
}

async fn measure(deployment: &Deployment, size: Size) -> anyhow::Result<Vec<Step>> {
    let mut done: Vec<Step> = Vec::new();
    let mut tell = |what, count, cost: Cost| {
        eprintln!("{what}: {count}, {}, {}", seconds(cost.took), megabytes(cost.peak));
        done.push(Step { what, count, cost });
    };
    eprintln!("Loading the register …");
    let loaded = deployment.run(&["demo", "--officers", "1"])?;
    anyhow::ensure!(loaded.status == 0, "the demo was not loaded");
    let passwords = steps::passwords(deployment)?;
    let province = Province::of(size.rows, local_date(SystemClock.now()))?;
    tell("a server started and signed in to", 1, steps::idle(deployment, &passwords).await?);
    let cost = steps::import(deployment, &passwords, &province).await?;
    tell("rows of a roster checked and entered", size.rows, cost);
    let cost = steps::photos(deployment, &province, size.photos)?;
    tell("photos of one ZIP attached (`import-photos`)", size.photos, cost);
    let (cost, applications) =
        steps::applications(deployment, &passwords, &province, size.certificates).await?;
    tell("applications: nominated, qualified, applied for, reviewed", applications.len(), cost);
    let cost = steps::issue(deployment, &passwords, &applications).await?;
    tell("certificates issued in bulk", applications.len(), cost);
    let cost = steps::cards(deployment, &passwords, size.cards).await?;
    tell("cards as sheets in PDF", size.cards, cost);
    tell("the audit log verified", 1, steps::audit(deployment)?);
    Ok(done)
}

/// A database of its own on the private PostgreSQL; answers its address.
async fn new_database(number: usize) -> anyhow::Result<String> {
    let server = std::env::var("LZ_TEST_POSTGRES_URL")
        .context("a PostgreSQL: scripts/services run -- make bench-scale")?;
    let name = format!("lz_scale_{number}");
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await?;
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    Ok(format!("{server}/{name}"))
}

fn table(columns: &[Vec<Step>]) -> anyhow::Result<String> {
    let mut table = String::from("| what |");
    for _ in columns {
        table.push_str(" how many | time | peak memory |");
    }
    table.push_str("\n|---|");
    for _ in columns {
        table.push_str("--:|--:|--:|");
    }
    table.push('\n');
    let steps = columns.iter().map(Vec::len).min().unwrap_or_default();
    for step in 0..steps {
        let row: Vec<&Step> = columns.iter().filter_map(|column| column.get(step)).collect();
        let what = row.first().map_or("", |step| step.what);
        write!(table, "| {what} |")?;
        for Step { count, cost, .. } in row {
            let (took, peak) = (seconds(cost.took), megabytes(cost.peak));
            write!(table, " {count} | {took} | {peak} |")?;
        }
        table.push('\n');
    }
    Ok(table)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

/// Cores and kind of the processor.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    format!("{cores} cores, {}", model.unwrap_or("processor unknown"))
}
