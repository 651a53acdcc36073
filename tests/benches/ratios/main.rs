//! Measures the server against the simplest thing that could do the same, in one process and one
//! run: the two sides take turns in blocks, each block's answers are checked, and what is told is
//! the ratio of the medians. Writes the table to `docs/benchmarks.md`. Run by `make bench`.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark may fail by panicking, and says what it does"
)]

mod client;
mod deployment;
mod lists;
mod officers;
mod offline;
mod verify;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Officers of the demo that is measured on.
const OFFICERS: usize = 4_000;
/// Turns of each side.
const TURNS: usize = 15;

/// What came of two sides that took turns.
pub struct Row {
    /// What is measured.
    what: &'static str,
    /// The simplest thing that could do the same.
    against: &'static str,
    /// The database.
    engine: String,
    /// Answers a second, ours and the other's: medians over the turns.
    rates: [f64; 2],
    /// The ratio aimed at, if there is one.
    aim: Option<f64>,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.rates[0] / self.rates[1]
    }
}

/// The middle of the turns.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // `cargo test` starts benchmarks too, to see that they start.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let made = lists::make()?;
    eprintln!("{}", lists_table(&made)?);
    let mut rows = vec![offline::measure()?];
    let folder = tempfile::tempdir()?;
    let sqlite = deployment::Deployment::load(folder.path(), None, OFFICERS).await?;
    rows.push(verify::measure(&sqlite).await?);
    rows.push(lists::fetch(&sqlite, folder.path()).await?);
    eprintln!("{}", table(&rows)?);
    let server = std::env::var("LZ_TEST_POSTGRES_URL")
        .context("a PostgreSQL: scripts/services run -- cargo bench --package acceptance")?;
    let folder = tempfile::tempdir()?;
    let postgres = deployment::Deployment::load(folder.path(), Some(&server), OFFICERS).await?;
    rows.push(verify::measure(&postgres).await?);
    rows.push(lists::fetch(&postgres, folder.path()).await?);
    eprintln!("{}", table(&rows)?);
    rows.push(officers::measure(&postgres).await?);

    let (table, lists) = (table(&rows)?, lists_table(&made)?);
    println!("{table}\n{lists}");
    let today = postgres.web.platform.now().date_naive();
    let text = format!("{HEAD}\n{table}\n{LISTS}\n{lists}\nMeasured on {today}, {}.\n", machine());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    std::fs::write(file, text)?;
    Ok(())
}

const HEAD: &str = "# Benchmarks

`make bench` measures the server, built for release, against the simplest thing that could do the \
same, and writes this file. Both sides run in one process and are asked over HTTP on loopback by \
the same client with four connections; they take turns in 15 blocks each, every answer is checked, \
and the ratio is that of the median rates. A ratio of 1 means as fast as the simplest thing. The \
data is the demo province with 4,000 officers. Client, server and database share the machine's cores, so the \
rates say little by themselves. Why a scan stays below its aim is in \
[decision 0008](decisions/0008-status-read-for-every-scan.md).
";

const LISTS: &str = "A status list made anew, of which one entry in a hundred, anywhere, is set: the \
entries put in, compressed, and signed as JWT and as CWT; medians of 15 turns on one core. The bound is \
what no compression gets below, the entropy of the entries. The goal for a million entries is 1.4 times \
the bound within 40 ms; lists are signed at level 9, at each change, at the size of 131,072.
";

fn lists_table(made: &[lists::Made]) -> anyhow::Result<String> {
    let mut table = String::from(
        "| entries | level of zlib | bytes | times the bound | ms |\n|--:|--:|--:|--:|--:|\n",
    );
    for lists::Made { entries, level, bytes, bound, millis } in made {
        let times = f64::from(u32::try_from(*bytes)?) / bound;
        writeln!(table, "| {entries} | {level} | {bytes} | **{times:.2}** | **{millis:.1}** |")?;
    }
    Ok(table)
}

fn table(rows: &[Row]) -> anyhow::Result<String> {
    let mut table = String::from(
        "| what | against | database | ours, a second | the other, a second | ratio | aim |\n\
         |---|---|---|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let [ours, other] = row.rates;
        writeln!(
            table,
            "| {} | {} | {} | {ours:.0} | {other:.0} | **{:.2}** | {} |",
            row.what,
            row.against,
            row.engine,
            row.ratio(),
            row.aim.map_or("–".to_owned(), |aim| format!("≥ {aim:.2}")),
        )?;
    }
    Ok(table)
}

/// Cores and kind of the processor.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    format!("{cores} cores, {}", model.unwrap_or("processor unknown"))
}
